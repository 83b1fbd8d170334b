package tfconfig

import (
	"crypto/md5"  //nolint:gosec // the language has it
	"crypto/sha1" //nolint:gosec // the language has it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/envparity/parity/internal/doc"
)

// ofText makes a function of texts.
func ofText(n int, impl func(a []string) (cty.Value, error)) function.Function {
	params := make([]function.Parameter, n)
	for i := range params {
		params[i] = function.Parameter{Name: "s", Type: cty.String}
	}
	return dynamic(params, nil, func(args []cty.Value) (cty.Value, error) {
		list := make([]string, len(args))
		for i, a := range args {
			list[i] = a.AsString()
		}
		return impl(list)
	})
}

// fromText makes a function from one text to another.
func fromText(f func(string) string) function.Function {
	return ofText(1, func(a []string) (cty.Value, error) { return cty.StringVal(f(a[0])), nil })
}

func texts() map[string]function.Function {
	hexed := func(b []byte) string { return hex.EncodeToString(b) }
	digests := map[string]func(string) []byte{
		"md5":    func(s string) []byte { d := md5.Sum([]byte(s)); return d[:] },  //nolint:gosec // the language has it
		"sha1":   func(s string) []byte { d := sha1.Sum([]byte(s)); return d[:] }, //nolint:gosec // the language has it
		"sha256": func(s string) []byte { d := sha256.Sum256([]byte(s)); return d[:] },
		"sha512": func(s string) []byte { d := sha512.Sum512([]byte(s)); return d[:] },
	}
	all := map[string]function.Function{
		"replace":     ofText(3, replace),
		"startswith":  ofText(2, func(a []string) (cty.Value, error) { return cty.BoolVal(strings.HasPrefix(a[0], a[1])), nil }),
		"endswith":    ofText(2, func(a []string) (cty.Value, error) { return cty.BoolVal(strings.HasSuffix(a[0], a[1])), nil }),
		"strcontains": ofText(2, func(a []string) (cty.Value, error) { return cty.BoolVal(strings.Contains(a[0], a[1])), nil }),
		"timecmp":     ofText(2, timeCompare),
		"basename":    fromText(path.Base),
		"dirname":     fromText(path.Dir),
		"pathexpand": ofText(1, func(a []string) (cty.Value, error) {
			if strings.HasPrefix(a[0], "~") {
				return cty.UnknownVal(cty.String), nil
			}
			return cty.StringVal(a[0]), nil
		}),
		"abspath": ofText(1, func(a []string) (cty.Value, error) {
			if !path.IsAbs(a[0]) {
				return cty.UnknownVal(cty.String), nil
			}
			return cty.StringVal(path.Clean(a[0])), nil
		}),
		"base64encode": fromText(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }),
		"base64decode": ofText(1, func(a []string) (cty.Value, error) {
			data, err := base64.StdEncoding.DecodeString(a[0])
			if err != nil || !utf8.Valid(data) {
				return cty.NilVal, errors.New("it is no base64 of a text")
			}
			return cty.StringVal(string(data)), nil
		}),
		"urlencode": fromText(url.QueryEscape),
		"urldecode": ofText(1, func(a []string) (cty.Value, error) {
			s, err := url.QueryUnescape(a[0])
			return cty.StringVal(s), err
		}),
		"yamldecode":   ofText(1, func(a []string) (cty.Value, error) { return yamlDecode(a[0]) }),
		"yamlencode":   dynamic([]function.Parameter{anyParam("v")}, nil, yamlEncode),
		"base64sha256": fromText(func(s string) string { return base64.StdEncoding.EncodeToString(digests["sha256"](s)) }),
		"base64sha512": fromText(func(s string) string { return base64.StdEncoding.EncodeToString(digests["sha512"](s)) }),
	}
	for name, d := range digests {
		all[name] = fromText(func(s string) string { return hexed(d(s)) })
	}
	return all
}

// replace takes a text between slashes for a regular expression.
func replace(a []string) (cty.Value, error) {
	if len(a[1]) > 1 && a[1][0] == '/' && a[1][len(a[1])-1] == '/' {
		re, err := regexp.Compile(a[1][1 : len(a[1])-1])
		if err != nil {
			return cty.NilVal, errors.New("it is no regular expression")
		}
		return cty.StringVal(re.ReplaceAllString(a[0], a[2])), nil
	}
	return cty.StringVal(strings.ReplaceAll(a[0], a[1], a[2])), nil
}

func timeCompare(a []string) (cty.Value, error) {
	x, err := time.Parse(time.RFC3339, a[0])
	y, err2 := time.Parse(time.RFC3339, a[1])
	if errors.Join(err, err2) != nil {
		return cty.NilVal, errors.New("it is no time")
	}
	return cty.NumberIntVal(int64(x.Compare(y))), nil
}

// yamlDecode reads one document of YAML.
func yamlDecode(text string) (cty.Value, error) {
	out, n := cty.NullVal(cty.DynamicPseudoType), 0
	err := doc.ParseYAML(strings.NewReader(text), doc.Limits{Nodes: 200_000, Depth: 100, Bytes: maxArgument}, func(d *doc.Node, _ int) error {
		n++
		out = valueOf(d)
		return nil
	})
	if err == nil && n > 1 {
		err = errors.New("there are several documents")
	}
	return out, err
}

// valueOf turns a tree into a value, as jsondecode and yamldecode do.
func valueOf(n *doc.Node) cty.Value {
	switch n.Kind {
	case doc.Map:
		fields := map[string]cty.Value{}
		for i := range n.Fields {
			fields[n.Fields[i].Key] = valueOf(n.Fields[i].Value)
		}
		return cty.ObjectVal(fields)
	case doc.List:
		list := make([]cty.Value, len(n.Items))
		for i, item := range n.Items {
			list[i] = valueOf(item)
		}
		return cty.TupleVal(list)
	case doc.Null:
		return cty.NullVal(cty.DynamicPseudoType)
	case doc.Bool:
		return cty.BoolVal(n.Text == "true")
	case doc.Number:
		if v, err := cty.ParseNumberVal(n.Text); err == nil {
			return v
		}
	}
	return cty.StringVal(n.Text)
}

// yamlEncode writes a value as JSON, which is YAML: what it says is the same, and
// texts that hold structure are compared as such.
func yamlEncode(a []cty.Value) (cty.Value, error) {
	v := a[0]
	if v.Type().IsPrimitiveType() && !v.IsNull() {
		s, err := convert.Convert(v, cty.String)
		if err != nil {
			return cty.NilVal, err
		}
		return cty.StringVal(s.AsString() + "\n"), nil
	}
	var r run
	r.out, r.limits = &Config{}, Limits{Nodes: 1_000_000}
	return cty.StringVal(jsonText(r.node(v, Pos{}, seen{}, ""))), nil
}
