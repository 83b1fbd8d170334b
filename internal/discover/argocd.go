package discover

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// valuesRule says which chart values files are for, as an Argo CD Application
// or ApplicationSet has it.
type valuesRule struct {
	chart string
	files *regexp.Regexp
}

// maxApplications bounds how many files of Applications are read.
const maxApplications = 500

// findValuesRules reads the sources of Applications that render a chart of the
// repository.
func (inv *inventory) findValuesRules() []valuesRule {
	var out []valuesRule
	left := maxApplications
	for _, d := range inv.folders {
		for _, name := range d.files {
			at := path.Join(d.path, name)
			head := inv.heads[at] // read before, where it is a manifest
			if left == 0 || !isYAML(name) || !bytes.Contains(head, []byte("argoproj.io")) || !bytes.Contains(head, []byte("valueFiles")) {
				continue
			}
			left--
			decoder := yaml.NewDecoder(bytes.NewReader(head))
			for range 100 {
				var n yaml.Node
				if decoder.Decode(&n) != nil {
					break
				}
				inv.valuesRules(&n, 0, &out)
			}
		}
	}
	return out
}

// valuesRules looks in a document for a path beside values files.
func (inv *inventory) valuesRules(n *yaml.Node, depth int, out *[]valuesRule) {
	const deepest = 20
	if depth > deepest {
		return
	}
	if n.Kind == yaml.MappingNode {
		var source struct {
			Path string
			Helm struct {
				ValueFiles []string `yaml:"valueFiles"`
			}
		}
		if n.Decode(&source) == nil && source.Path != "" && len(source.Helm.ValueFiles) > 0 {
			inv.valuesRule(path.Clean(source.Path), source.Helm.ValueFiles, out)
		}
	}
	for _, c := range n.Content {
		inv.valuesRules(c, depth+1, out)
	}
}

// parameter matches what stands for a parameter of a generator.
var parameter = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{\{.*?\}\}`) })

func (inv *inventory) valuesRule(chart string, files []string, out *[]valuesRule) {
	d := inv.byPath[chart]
	if d == nil || !d.has("Chart.yaml") {
		return
	}
	for _, f := range files {
		at := path.Join(chart, f)
		if rest, ok := strings.CutPrefix(f, "$"); ok {
			_, at, _ = strings.Cut(rest, "/") // another source's repository, which is most often this one
		} else if strings.HasPrefix(f, "/") {
			at = strings.TrimPrefix(f, "/")
		}
		var form strings.Builder
		last := 0
		for _, m := range parameter().FindAllStringIndex(at, -1) {
			form.WriteString(regexp.QuoteMeta(at[last:m[0]]) + "[^/]+")
			last = m[1]
		}
		form.WriteString(regexp.QuoteMeta(at[last:]))
		if exp, err := regexp.Compile("^" + form.String() + "$"); err == nil {
			*out = append(*out, valuesRule{chart, exp})
		}
	}
}

// ruled is the chart that Applications say a values file is for: one of them,
// or none.
func (inv *inventory) ruled(at string) (string, bool) {
	found := ""
	for _, r := range inv.facts.values {
		if r.files.MatchString(at) {
			if found != "" && found != r.chart {
				return "", false
			}
			found = r.chart
		}
	}
	return found, found != ""
}
