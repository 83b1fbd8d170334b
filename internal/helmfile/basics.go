package helmfile

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"text/template"
)

// basics are the functions of the template language itself that would look at
// what is not known, as it has them.
func basics() template.FuncMap {
	order := func(ok func(int) bool) func(a, b any) (bool, error) {
		return func(a, b any) (bool, error) {
			n, err := compare(a, b)
			return err == nil && ok(n), err
		}
	}
	return template.FuncMap{
		"eq": equal, "ne": func(a, b any) (bool, error) { ok, err := equal(a, b); return !ok, err },
		"lt": order(func(n int) bool { return n < 0 }), "le": order(func(n int) bool { return n <= 0 }),
		"gt": order(func(n int) bool { return n > 0 }), "ge": order(func(n int) bool { return n >= 0 }),
		"not": func(v any) bool { truth, _ := template.IsTrue(v); return !truth },
		"len": length, "index": index, "slice": slice,
		"print": fmt.Sprint, "printf": fmt.Sprintf, "println": fmt.Sprintln,
		"html": template.HTMLEscaper, "js": template.JSEscaper, "urlquery": template.URLQueryEscaper,
	}
}

var errCompared = errors.New("values are compared that cannot be")

func equal(a any, others ...any) (bool, error) {
	if len(others) == 0 {
		return false, errArguments
	}
	for _, b := range others {
		if a == nil || b == nil {
			if a == nil && b == nil {
				return true, nil
			}
			continue
		}
		n, err := compare(a, b)
		if err != nil {
			return false, err
		}
		if n == 0 {
			return true, nil
		}
	}
	return false, nil
}

func compare(a, b any) (int, error) {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	switch {
	case !x.IsValid() || !y.IsValid():
		return 0, errCompared
	case isNumber(x.Kind()) && isNumber(y.Kind()):
		number := reflect.TypeFor[float64]()
		return cmp.Compare(x.Convert(number).Float(), y.Convert(number).Float()), nil
	case x.Kind() == reflect.String && y.Kind() == reflect.String:
		return strings.Compare(x.String(), y.String()), nil
	case x.Kind() == reflect.Bool && y.Kind() == reflect.Bool:
		if x.Bool() == y.Bool() {
			return 0, nil
		}
		return 1, nil
	}
	return 0, errCompared
}

func length(v any) (int, error) {
	x := reflect.ValueOf(v)
	switch x.Kind() {
	case reflect.String, reflect.Map, reflect.Slice, reflect.Array:
		return x.Len(), nil
	}
	return 0, errArguments
}

func index(v any, keys ...any) (any, error) {
	for _, key := range keys {
		switch in := v.(type) {
		case map[string]any:
			v = in[fmt.Sprint(key)]
		case []any:
			i := reflect.ValueOf(key)
			if !i.IsValid() || !i.CanInt() || i.Int() < 0 || i.Int() >= int64(len(in)) {
				return nil, errArguments
			}
			v = in[i.Int()]
		default:
			return nil, errArguments
		}
	}
	return v, nil
}

func slice(v any, bounds ...int) (any, error) {
	x := reflect.ValueOf(v)
	if x.Kind() != reflect.String && x.Kind() != reflect.Slice || len(bounds) > 2 {
		return nil, errArguments
	}
	from, to := 0, x.Len()
	if len(bounds) > 0 {
		from = bounds[0]
	}
	if len(bounds) > 1 {
		to = bounds[1]
	}
	if from < 0 || to > x.Len() || from > to {
		return nil, errArguments
	}
	return x.Slice(from, to).Interface(), nil
}

func splitDots(s string) []string { return strings.Split(s, ".") }
