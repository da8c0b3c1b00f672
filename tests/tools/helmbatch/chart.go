package helmbatch

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
)

// A Case is what is given on the command line of `helm template`, beside the chart.
type Case struct {
	Release   string `json:"release"`
	Namespace string `json:"namespace"`
	// The text of the values file, unread: reading it is up to Helm.
	Values json.RawMessage `json:"values"`
}

// A Chart is one in the hands of one version of Helm. Its methods are called by several goroutines at once.
type Chart interface {
	// Template goes the whole way of the command.
	Template(Case) (Output, error)
	// Render goes a short way, in a third of the time: it does not have Helm read all that was rendered, only to sort it.
	Render(Case) (Output, error)
}

// Output is what Helm makes of a case.
type Output struct {
	// The documents, each with its line end.
	Documents []string
	// The text of NOTES.txt.
	Notes string
}

// One case in so many goes the whole way as well; the first of all does.
const sample = 25

// An answer is the objects and the notes, or why the case is refused.
type answer struct {
	// Each as JSON.
	objects []string
	notes   string
	err     error
}

// answerTo goes the short way, and the whole way where that refuses and for a sample; it fails when they differ.
func answerTo(chart Chart, number int, input Case) (answer, error) {
	short := read(chart.Render, input)
	if short.err == nil && number%sample != 0 {
		return short, nil
	}
	whole := read(chart.Template, input)
	if difference := difference(short, whole); difference != "" {
		return answer{}, fmt.Errorf("case %d: the short way differs from `helm template`: %s", number, difference)
	}
	return whole, nil
}

func read(render func(Case) (Output, error), input Case) (made answer) {
	// Some ill-typed values make Helm itself panic: that, too, is a refusal.
	defer func() {
		if reason := recover(); reason != nil {
			made = answer{err: fmt.Errorf("panic: %v", reason)}
		}
	}()
	output, err := render(input)
	if err != nil {
		return answer{err: err}
	}
	objects := []string{}
	for _, document := range output.Documents {
		object, err := parse(document)
		if err != nil {
			return answer{err: fmt.Errorf("%w in\n%s", err, document)}
		}
		if object != "" {
			objects = append(objects, object)
		}
	}
	return answer{objects: objects, notes: output.Notes}
}

// difference tells how two answers differ, but for the order of objects and the wording of refusals.
func difference(short, whole answer) string {
	if short.err != nil || whole.err != nil {
		if short.err == nil || whole.err == nil {
			return fmt.Sprintf("refused with %v and %v", short.err, whole.err)
		}
		return ""
	}
	if short.notes != whole.notes {
		return fmt.Sprintf("notes\n%s\nand\n%s", short.notes, whole.notes)
	}
	left, right := slices.Sorted(slices.Values(short.objects)), slices.Sorted(slices.Values(whole.objects))
	if slices.Equal(left, right) {
		return ""
	}
	return fmt.Sprintf("objects\n%s\nand\n%s", strings.Join(left, "\n"), strings.Join(right, "\n"))
}

// Split gives the documents of what `helm template` prints, split as Kubernetes does.
func Split(printed string) ([]string, error) {
	var documents []string
	reader := utilyaml.NewYAMLReader(bufio.NewReader(strings.NewReader(printed)))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, err
		}
		documents = append(documents, string(document))
	}
}
