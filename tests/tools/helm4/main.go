// Helm4-batch is [helmbatch] with Helm 4.
package main

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/action"
	charts "helm.sh/helm/v4/pkg/chart"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	"helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	releases "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"helmbatch"
)

func main() {
	helmbatch.Main(load)
}

// files are those of a chart. It is made anew for each case, because rendering removes from it what is switched off.
type files []*archive.BufferedFile

func load(folder string) (helmbatch.Chart, error) {
	chart, err := loader.Load(folder)
	if err != nil {
		return nil, err
	}
	if kind := chart.Metadata.Type; kind != "" && kind != "application" {
		return nil, fmt.Errorf("%s charts are not installable", kind)
	}
	accessor, err := charts.NewAccessor(chart)
	if err != nil {
		return nil, err
	}
	if err := action.CheckDependencies(chart, accessor.MetaDependencies()); err != nil {
		return nil, err
	}
	var found files
	for _, file := range chart.Raw {
		found = append(found, &archive.BufferedFile{Name: file.Name, ModTime: file.ModTime, Data: file.Data})
	}
	return found, nil
}

func (f files) read(input helmbatch.Case) (*v2.Chart, common.Values, error) {
	chart, err := loader.LoadFiles(f)
	if err != nil {
		return nil, nil, err
	}
	values, err := loader.LoadValues(bytes.NewReader(input.Values))
	return chart, values, err
}

func (f files) Template(input helmbatch.Case) (helmbatch.Output, error) {
	chart, values, err := f.read(input)
	if err != nil {
		return helmbatch.Output{}, err
	}
	install := action.NewInstall(action.NewConfiguration())
	install.DryRunStrategy = action.DryRunClient
	install.Replace = true
	install.ReleaseName = input.Release
	install.Namespace = input.Namespace
	made, err := install.Run(chart, values)
	if err != nil {
		return helmbatch.Output{}, err
	}
	release, known := made.(*releases.Release)
	if !known {
		return helmbatch.Output{}, fmt.Errorf("unsupported release type: %T", made)
	}
	var printed strings.Builder
	fmt.Fprintln(&printed, strings.TrimSpace(release.Manifest))
	for _, hook := range release.Hooks {
		fmt.Fprintf(&printed, "---\n# Source: %s\n%s\n", hook.Path, hook.Manifest)
	}
	documents, err := helmbatch.Split(printed.String())
	return helmbatch.Output{Documents: documents, Notes: release.Info.Notes}, err
}

func (f files) Render(input helmbatch.Case) (helmbatch.Output, error) {
	chart, values, err := f.read(input)
	if err != nil {
		return helmbatch.Output{}, err
	}
	if err := chartutil.ValidateReleaseName(input.Release); err != nil {
		return helmbatch.Output{}, err
	}
	if err := chartutil.ProcessDependencies(chart, values); err != nil {
		return helmbatch.Output{}, err
	}
	capabilities := common.DefaultCapabilities
	if wanted := chart.Metadata.KubeVersion; wanted != "" && !chartutil.IsCompatibleRange(wanted, capabilities.KubeVersion.String()) {
		return helmbatch.Output{}, fmt.Errorf("chart requires kubeVersion: %s", wanted)
	}
	options := common.ReleaseOptions{Name: input.Release, Namespace: input.Namespace, Revision: 1, IsInstall: true}
	top, err := util.ToRenderValues(chart, values, options, capabilities)
	if err != nil {
		return helmbatch.Output{}, err
	}
	rendered, err := engine.Render(chart, top)
	if err != nil {
		return helmbatch.Output{}, err
	}
	output := helmbatch.Output{Notes: rendered[path.Join(chart.Name(), "templates", "NOTES.txt")]}
	for name, text := range rendered {
		if strings.HasSuffix(name, "NOTES.txt") || strings.HasPrefix(path.Base(name), "_") {
			continue
		}
		for _, document := range releaseutil.SplitManifests(text) {
			output.Documents = append(output.Documents, document+"\n")
		}
	}
	// The order of a map is another each time.
	slices.Sort(output.Documents)
	return output, nil
}
