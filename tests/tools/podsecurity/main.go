// Podsecurity tells which pods of rendered manifests the Pod Security level "restricted" would refuse.
//
// The verdict is that of the admission controller's own library, so a rule that we misread cannot hide a violation.
//
//	podsecurity [-versions latest,1.31] [FILE|DIRECTORY]...
//
// Without arguments it reads standard input. Each violation is a line "[PATH: ]Kind/name: reason: detail [versions]"; the last
// line counts the pods. Exit code 1 means violations, 2 that something could not be read.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/yaml"
)

func main() {
	versions := flag.String("versions", "latest", "policy versions to check against, separated by commas")
	flag.Parse()
	checker, err := newChecker(*versions)
	if err == nil {
		err = checker.checkAll(flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "podsecurity:", err)
		os.Exit(2)
	}
	fmt.Printf("%d pods examined, %d violations\n", checker.pods, checker.violations)
	if checker.violations > 0 {
		os.Exit(1)
	}
}

type checker struct {
	evaluator  policy.Evaluator
	levels     []api.LevelVersion
	pods       int
	violations int
}

func newChecker(versions string) (*checker, error) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return nil, err
	}
	c := &checker{evaluator: evaluator}
	for _, text := range strings.Split(versions, ",") {
		if text != "latest" {
			text = "v" + strings.TrimPrefix(text, "v")
		}
		version, err := api.ParseVersion(text)
		if err != nil {
			return nil, err
		}
		c.levels = append(c.levels, api.LevelVersion{Level: api.LevelRestricted, Version: version})
	}
	return c, nil
}

func (c *checker) checkAll(paths []string) error {
	if len(paths) == 0 {
		return c.checkStream("", os.Stdin)
	}
	for _, root := range paths {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || (path != root && !isYAML(path)) {
				return err
			}
			file, err := os.Open(path)
			if err != nil {
				return err
			}
			defer file.Close()
			return c.checkStream(path+": ", file)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func isYAML(path string) bool {
	return strings.HasSuffix(path, ".yaml") || strings.HasSuffix(path, ".yml")
}

func (c *checker) checkStream(where string, stream io.Reader) error {
	reader := utilyaml.NewYAMLReader(bufio.NewReader(stream))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s%w", where, err)
		}
		if err := c.checkDocument(where, document); err != nil {
			return fmt.Errorf("%s%w", where, err)
		}
	}
}

func (c *checker) checkDocument(where string, document []byte) error {
	if len(bytes.TrimSpace(document)) == 0 {
		return nil
	}
	var object metav1.PartialObjectMetadata
	if err := yaml.Unmarshal(document, &object); err != nil {
		return err
	}
	if object.APIVersion == "" || object.Kind == "" {
		return errors.New("a document without apiVersion or kind")
	}
	name := object.Kind + "/" + object.Name
	template, err := podTemplate(object.GroupVersionKind().GroupKind().String(), document)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if template == nil {
		return nil
	}
	c.pods++
	c.checkPod(where+name, template)
	return nil
}

// checkPod prints each distinct complaint once, with the versions that make it.
func (c *checker) checkPod(name string, template *corev1.PodTemplateSpec) {
	var order []string
	versions := map[string][]string{}
	for _, level := range c.levels {
		for _, result := range c.evaluator.EvaluatePod(level, &template.ObjectMeta, &template.Spec) {
			if result.Allowed {
				continue
			}
			text := result.ForbiddenReason
			if result.ForbiddenDetail != "" {
				text += ": " + result.ForbiddenDetail
			}
			if versions[text] == nil {
				order = append(order, text)
			}
			versions[text] = append(versions[text], level.Version.String())
		}
	}
	for _, text := range order {
		fmt.Printf("%s: %s [%s]\n", name, text, strings.Join(versions[text], " "))
		c.violations++
	}
}

// podTemplate gives the pod that an object starts, or nil for an object that starts none. Unknown fields are refused, because
// a misspelt securityContext would otherwise count as absent.
func podTemplate(groupKind string, document []byte) (*corev1.PodTemplateSpec, error) {
	switch groupKind {
	case "Pod":
		var o corev1.Pod
		err := yaml.UnmarshalStrict(document, &o)
		return &corev1.PodTemplateSpec{ObjectMeta: o.ObjectMeta, Spec: o.Spec}, err
	case "Deployment.apps":
		var o appsv1.Deployment
		err := yaml.UnmarshalStrict(document, &o)
		return &o.Spec.Template, err
	case "StatefulSet.apps":
		var o appsv1.StatefulSet
		err := yaml.UnmarshalStrict(document, &o)
		return &o.Spec.Template, err
	case "DaemonSet.apps":
		var o appsv1.DaemonSet
		err := yaml.UnmarshalStrict(document, &o)
		return &o.Spec.Template, err
	case "ReplicaSet.apps":
		var o appsv1.ReplicaSet
		err := yaml.UnmarshalStrict(document, &o)
		return &o.Spec.Template, err
	case "Job.batch":
		var o batchv1.Job
		err := yaml.UnmarshalStrict(document, &o)
		return &o.Spec.Template, err
	case "CronJob.batch":
		var o batchv1.CronJob
		err := yaml.UnmarshalStrict(document, &o)
		return &o.Spec.JobTemplate.Spec.Template, err
	}
	return nil, nil
}
