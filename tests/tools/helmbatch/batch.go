// Package helmbatch renders a chart with many sets of values in one process, by whichever version of Helm its caller brings.
//
//	helm3-batch CHART <cases >answers
//
// Standard input has a case a line, {"release": "lab", "namespace": "rdm", "values": {…}}, and standard output the answer to
// each in the same order: {"objects": […], "notes": "…"} or {"error": "…"}. The objects are all that `helm template` prints,
// hooks and tests with it. Exit code 1 means that the chart could not be loaded, that the input could not be read, or that the
// short way and the whole way of `helm template` differ.
package helmbatch

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
)

// Main is the program: load takes the folder of a chart and refuses what `helm template` refuses to start with.
func Main(load func(folder string) (Chart, error)) {
	if len(os.Args) != 2 {
		fmt.Fprintf(os.Stderr, "usage: %s CHART\n", os.Args[0])
		os.Exit(2)
	}
	// Little lives from one case to the next; collecting it less often makes this faster by a third.
	debug.SetGCPercent(400)
	chart, err := load(os.Args[1])
	if err == nil {
		err = serve(chart, os.Stdin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", os.Args[0], err)
		os.Exit(1)
	}
}

type line struct {
	text []byte
	err  error
}

// serve answers all cases, several at once, and each as soon as those before it are answered.
func serve(chart Chart, input io.Reader, output io.Writer) error {
	waiting := make(chan chan line, runtime.GOMAXPROCS(0))
	go func() {
		defer close(waiting)
		lines := bufio.NewReader(input)
		for number := 0; ; number++ {
			text, err := lines.ReadBytes('\n')
			made := make(chan line, 1)
			switch {
			case len(text) > 0:
				waiting <- made
				go func() {
					text, err := reply(chart, number, text)
					made <- line{text, err}
				}()
			case err != nil && !errors.Is(err, io.EOF):
				waiting <- made
				made <- line{nil, err}
			}
			if err != nil {
				return
			}
		}
	}()
	for made := range waiting {
		line := <-made
		if line.err != nil {
			return line.err
		}
		if _, err := output.Write(line.text); err != nil {
			return err
		}
	}
	return nil
}

// reply makes a line of output from a line of input.
func reply(chart Chart, number int, text []byte) ([]byte, error) {
	var input Case
	if err := json.Unmarshal(text, &input); err != nil {
		return nil, fmt.Errorf("case %d is no JSON: %w", number, err)
	}
	answer, err := answerTo(chart, number, input)
	if err != nil {
		return nil, err
	}
	if answer.err != nil {
		return append(append([]byte(`{"error":`), quote(answer.err.Error())...), "}\n"...), nil
	}
	made := []byte(`{"objects":[`)
	for index, object := range answer.objects {
		if index > 0 {
			made = append(made, ',')
		}
		made = append(made, object...)
	}
	made = append(made, `],"notes":`...)
	return append(append(made, quote(answer.notes)...), "}\n"...), nil
}
