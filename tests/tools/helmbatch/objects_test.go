package helmbatch

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

const head = "apiVersion: v1\nkind: ConfigMap\n"

// The library with which Kubernetes reads manifests decides, but for the form of floats.
func TestReadsAsKubernetes(t *testing.T) {
	for _, body := range []string{
		"a: [on, off, yes, no, y, n, ~, null, true, \"on\", 'null']",
		"a: [0, -0, 0123, 0o17, 0x1F, 0b101, 1_000, 12:30, 2026-11-21, 2026-11-21T10:00:00Z]",
		"a: [1000000, 1e+06, 1e3, 1E3, 3.0, 0.5, .5, 1., -1.5e-7, 1e22, 9223372036854775807, 18446744073709551615, 18446744073709551616]",
		"on: 1\n5: 2\n-7: 3\n0.5: 4\n1e3: 5\ntrue: 6\n'false': 7\n'': 8",
		"a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}",
		"a: !!binary aGVsbG8=\nb: !!str 5\nc: !!float 5\nd: !!int '5'",
		"a: \"\\u2028\\x85\\0\\t <&>\"\nb: |\n  x\n\n  y\nc: >-\n  x\n  y\nd: |+\n  x\n\ne: {}\nf: []\ng:",
		"a: .inf",
		"a: .nan",
		"? [x]\n: 1",
		"~: 1",
		"a: 1\na: 2",
		"a: 1\n\"a\": 2",
		"a: {b: 1, b: 1}",
		"a: \t",
		"a: 'x",
	} {
		document := head + body
		want, wantErr := yaml.YAMLToJSONStrict([]byte(document))
		got, err := parse(document)
		if (err != nil) != (wantErr != nil) {
			t.Errorf("%s\nrefused with %v, by the library with %v", body, err, wantErr)
		}
		if err != nil || wantErr != nil {
			continue
		}
		if !reflect.DeepEqual(decoded(t, got), decoded(t, string(want))) {
			t.Errorf("%s\nread as %s, by the library as %s", body, got, want)
		}
	}
}

func TestTellsFloatsFromIntegers(t *testing.T) {
	got, err := parse(head + "a: [1000000, 1e+06, 3.0, 3, 0.5]")
	if want := `"a":[1000000,1e+06,3.0,3,0.5]`; err != nil || !strings.Contains(got, want) {
		t.Errorf("%s %v instead of %s", got, err, want)
	}
}

func TestRefusesWhatIsNoObject(t *testing.T) {
	for _, document := range []string{"text", "[]", "{}", "kind: Pod", "apiVersion: v1", "apiVersion: v1\nkind: 5"} {
		if got, err := parse(document); err == nil {
			t.Errorf("%s is read as %s", document, got)
		}
	}
	for _, document := range []string{"", "\n# comment\n", "null"} {
		if got, err := parse(document); err != nil || got != "" {
			t.Errorf("%q is read as %q, %v", document, got, err)
		}
	}
}

func decoded(t *testing.T, text string) any {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value
}
