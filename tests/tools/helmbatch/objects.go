package helmbatch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	yaml "sigs.k8s.io/yaml/goyaml.v2"
)

// parse gives the object of a document as Kubernetes reads it, as JSON; "" for a document without content. A key that appears
// twice is refused, and what is no object.
func parse(document string) (string, error) {
	var value any
	if err := yaml.UnmarshalStrict([]byte(document), &value); err != nil || value == nil {
		return "", err
	}
	object, _ := value.(map[any]any)
	for _, key := range []string{"apiVersion", "kind"} {
		if text, _ := object[key].(string); text == "" {
			return "", fmt.Errorf("no %s", key)
		}
	}
	var made bytes.Buffer
	if err := write(&made, value); err != nil {
		return "", err
	}
	return made.String(), nil
}

// write does what sigs.k8s.io/yaml does on the way from YAML to JSON, but for one thing: a float stays recognisable. There
// 1e+06 becomes 1000000, which hides that a template printed a number from the values without `int64`; in a string or an
// argument the same mistake is not mended by anybody.
func write(made *bytes.Buffer, value any) error {
	switch value := value.(type) {
	case map[any]any:
		return writeMap(made, value)
	case []any:
		made.WriteByte('[')
		for index, item := range value {
			if index > 0 {
				made.WriteByte(',')
			}
			if err := write(made, item); err != nil {
				return err
			}
		}
		made.WriteByte(']')
		return nil
	case float64:
		if math.IsInf(value, 0) || math.IsNaN(value) {
			return fmt.Errorf("JSON has no %v", value)
		}
		text := strconv.FormatFloat(value, 'g', -1, 64)
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		made.WriteString(text)
		return nil
	case string:
		made.Write(quote(value))
		return nil
	}
	text, err := json.Marshal(value)
	made.Write(text)
	return err
}

// writeMap sorts the keys, so that equal objects are equal texts.
func writeMap(made *bytes.Buffer, object map[any]any) error {
	names := make([]string, 0, len(object))
	items := make(map[string]any, len(object))
	for key, item := range object {
		name, err := keyName(key)
		if err != nil {
			return err
		}
		if _, twice := items[name]; twice {
			return fmt.Errorf("key %q appears twice", name)
		}
		items[name] = item
		names = append(names, name)
	}
	slices.Sort(names)
	made.WriteByte('{')
	for index, name := range names {
		if index > 0 {
			made.WriteByte(',')
		}
		made.Write(quote(name))
		made.WriteByte(':')
		if err := write(made, items[name]); err != nil {
			return err
		}
	}
	made.WriteByte('}')
	return nil
}

// keyName gives the name that a key has for Kubernetes: `on: x` without quotes has the key "true".
func keyName(key any) (string, error) {
	switch key := key.(type) {
	case string:
		return key, nil
	case bool, int, int64:
		return fmt.Sprint(key), nil
	case float64:
		if !math.IsInf(key, 0) && !math.IsNaN(key) {
			return strconv.FormatFloat(key, 'g', -1, 32), nil
		}
	}
	return "", fmt.Errorf("%v is no key", key)
}

// quote gives a string as JSON, which cannot fail.
func quote(text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return quoted
}
