// Helm3-batch is [helmbatch] with Helm 3.
package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/releaseutil"
	"helmbatch"
)

func main() {
	helmbatch.Main(load)
}

// files are those of a chart. It is made anew for each case, because rendering removes from it what is switched off.
type files []*loader.BufferedFile

func load(folder string) (helmbatch.Chart, error) {
	chart, err := loader.Load(folder)
	if err != nil {
		return nil, err
	}
	if kind := chart.Metadata.Type; kind != "" && kind != "application" {
		return nil, fmt.Errorf("%s charts are not installable", kind)
	}
	if err := action.CheckDependencies(chart, chart.Metadata.Dependencies); err != nil {
		return nil, err
	}
	var found files
	for _, file := range chart.Raw {
		found = append(found, &loader.BufferedFile{Name: file.Name, Data: file.Data})
	}
	return found, nil
}

func (f files) read(input helmbatch.Case) (*chart.Chart, chartutil.Values, error) {
	chart, err := loader.LoadFiles(f)
	if err != nil {
		return nil, nil, err
	}
	values, err := chartutil.ReadValues(input.Values)
	return chart, values, err
}

func (f files) Template(input helmbatch.Case) (helmbatch.Output, error) {
	chart, values, err := f.read(input)
	if err != nil {
		return helmbatch.Output{}, err
	}
	install := action.NewInstall(&action.Configuration{Log: func(string, ...any) {}})
	install.DryRun = true
	install.DryRunOption = "client"
	install.ClientOnly = true
	install.Replace = true
	install.ReleaseName = input.Release
	install.Namespace = input.Namespace
	release, err := install.Run(chart, values)
	if err != nil {
		return helmbatch.Output{}, err
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
	if err := chartutil.ProcessDependenciesWithMerge(chart, values); err != nil {
		return helmbatch.Output{}, err
	}
	capabilities := chartutil.DefaultCapabilities
	if wanted := chart.Metadata.KubeVersion; wanted != "" && !chartutil.IsCompatibleRange(wanted, capabilities.KubeVersion.String()) {
		return helmbatch.Output{}, fmt.Errorf("chart requires kubeVersion: %s", wanted)
	}
	options := chartutil.ReleaseOptions{Name: input.Release, Namespace: input.Namespace, Revision: 1, IsInstall: true}
	top, err := chartutil.ToRenderValues(chart, values, options, capabilities)
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
		output.Documents = append(output.Documents, split(text)...)
	}
	// The order of a map is another each time.
	slices.Sort(output.Documents)
	return output, nil
}

// split leaves out the search where there is nothing to find: in Helm 3 it takes longer than rendering.
func split(text string) []string {
	if !strings.Contains(text, "---") {
		return []string{strings.TrimSpace(text) + "\n"}
	}
	var documents []string
	for _, document := range releaseutil.SplitManifests(text) {
		documents = append(documents, document+"\n")
	}
	return documents
}
