package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rows reads a committed table: lines of tab-separated columns.
func rows(t testing.TB, name string, columns int) [][]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "secrets", name))
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range bytes.Lines(b) {
		text := strings.TrimSuffix(string(line), "\n")
		if strings.HasPrefix(text, "#") || text == "" {
			continue
		}
		c := strings.SplitN(text, "\t", columns)
		if len(c) != columns {
			t.Fatalf("%s: %d columns, not %d: %s", name, len(c), columns, text)
		}
		out = append(out, c)
	}
	return out
}

// document is one of several texts in a committed file.
type document struct{ name, text string }

// documents reads a committed file of several texts, each after a line
// "-- name --".
func documents(t testing.TB, name string) []document {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "secrets", name))
	if err != nil {
		t.Fatal(err)
	}
	var out []document
	for line := range bytes.Lines(b) {
		text := string(line)
		if strings.HasPrefix(text, "-- ") && strings.HasSuffix(text, " --\n") {
			out = append(out, document{name: text[3 : len(text)-4]})
		} else if len(out) > 0 {
			out[len(out)-1].text += text
		}
	}
	return out
}

// corpus is everything that is planted.
type corpus struct {
	planter
	board
	files tree
}

// newCorpus plants all secrets of the committed tables.
func newCorpus(t testing.TB) *corpus {
	t.Helper()
	c := &corpus{
		planter: planter{r: rand.New(rand.NewPCG(2026, 11))},
		board:   board{groups: map[string][][]setting{}},
		files:   tree{},
	}
	c.plantVendorFormats(t)
	c.plantScannerFormats(t)
	c.plantTokens(t)
	c.plantNames(t)
	c.plantSettings(t)
	c.plantFiles(t)
	c.plantObjects(t)
	c.plantArguments(t)
	c.plantElsewhere(t)
	c.plantOneSided(t)
	c.plantControls()
	c.plantBlind(t)
	c.plantDetectorFormats(t)
	c.board.write(c.files)
	return c
}

// plantOneSided plants secrets that one environment lacks, and secrets that are
// the same in both.
func (c *corpus) plantOneSided(t testing.TB) {
	type form struct{ format, name, template string }
	var all []form
	for _, row := range rows(t, "names.tsv", 2) {
		kind, _, _ := strings.Cut(row[1], ",")
		all = append(all, form{row[0], row[0], "{" + kind + "}"})
	}
	for _, row := range rows(t, "settings.tsv", 4) {
		all = append(all, form{row[1], "THE_" + row[2], row[3]})
	}
	var half, same []setting
	for i, x := range all {
		switch i % 6 {
		case 0:
			half = append(half, setting{x.name, c.expand("only in one environment", x.format, "configmap", x.template)})
		case 3:
			value := c.expand("the same in both environments", x.format, "configmap", x.template)
			same = append(same, setting{x.name, sides{value[0], value[0]}})
		}
	}
	for side, env := range secretEnvs {
		writeConfigMap(c.files, env, 900, same, side)
		c.files[env+"/k8s/half.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: half}\ndata:\n  mode: a\n"
	}
	c.files[secretEnvs[0]+"/k8s/half.yaml"] += lines(half, 0, "  %s: %s\n")
	writeConfigMap(c.files, secretEnvs[1], 901, half, 1)
}

// control is the class of values that are no secret and must be shown: where
// one is not, its place was not read, and says nothing of secrets.
const control = "control"

// plantControls plants one value that must be shown at each place.
func (c *corpus) plantControls() {
	for _, p := range settingPlaces {
		n := &plantedSecret{class: control, format: control, place: p.name}
		var value sides
		for side := range value {
			value[side] = "shade-of-" + c.words(3, "-")
			n.markers = append(n.markers, value[side])
		}
		c.plants = append(c.plants, n)
		c.add(p.name, setting{name: "WIDGET_COLOUR", value: value})
	}
}

// twice plants a value at two places.
func (c *corpus) twice(name string, value func(place string) sides) {
	for range 2 {
		place := c.place(name)
		c.add(place, setting{name: name, value: value(place)})
	}
}

func (c *corpus) plantVendorFormats(t testing.TB) {
	for _, f := range vendorFormats(t) {
		class := "vendor format"
		if f.heldOut() {
			class = "vendor format, held out"
		}
		c.twice(f.name, func(place string) sides {
			return c.token(plantedSecret{class: class, format: f.id, place: place, structured: true, heldOut: f.heldOut()}, f.pattern)
		})
	}
}

func (c *corpus) plantScannerFormats(t testing.TB) {
	for i, row := range rows(t, "scanner-formats.tsv", 3) {
		pat, err := newPattern(row[2])
		if err != nil {
			t.Fatal(err)
		}
		name, class := row[1], "scanner format, by vendor's name"
		if name == "" {
			name, class = fmt.Sprintf("widget_%s_%d", c.word(), i), "scanner format"
		}
		c.twice(name, func(place string) sides {
			return c.token(plantedSecret{class: class, format: row[0], place: place, structured: row[1] == ""}, pat)
		})
		if row[1] == "" && i%3 == 0 {
			c.inText(name, row[0], pat)
		}
	}
}

// inText plants a token within a sentence.
func (c *corpus) inText(name, format string, pat pattern) {
	place := c.place(name)
	value := c.token(plantedSecret{class: "scanner format, in a text", format: format, place: place, structured: true}, pat)
	for side := range value {
		value[side] = "ask ops before you use " + value[side] + " here"
	}
	c.add(place, setting{name: name + "_note", value: value})
}

func (c *corpus) plantTokens(t testing.TB) {
	for _, row := range rows(t, "tokens.tsv", 3) {
		pat, err := newPattern(row[2])
		if err != nil {
			t.Fatal(err)
		}
		c.twice(row[1], func(place string) sides {
			return c.token(plantedSecret{class: "token by form", format: row[0], place: place, structured: true}, pat)
		})
	}
}

func (c *corpus) plantNames(t testing.TB) {
	for _, row := range rows(t, "names.tsv", 2) {
		for kind := range strings.SplitSeq(row[1], ",") {
			place := c.place(row[0])
			value := c.expand("name, "+nameKind(kind), row[0], place, "{"+kind+"}")
			c.add(place, setting{name: row[0], value: value})
		}
	}
}

// nameKind is what the table calls a kind of value under a secret name.
func nameKind(kind string) string {
	switch kind {
	case "pw":
		return "human password"
	case "phrase", "words":
		return "passphrase"
	}
	return "random value"
}

func (c *corpus) plantSettings(t testing.TB) {
	for _, row := range rows(t, "settings.tsv", 4) {
		class := map[string]string{
			"url": "URL", "conn": "connection string or verifier", "header": "header",
			"exempt": "value that looks like a reference", "text": "pair in a text",
		}[row[0]]
		place := c.place(row[2])
		c.add(place, setting{name: row[2], value: c.expand(class, row[1], place, row[3])})
	}
}

func (c *corpus) plantFiles(t testing.TB) {
	for i, d := range documents(t, "files.txtar") {
		value := c.expand("file in a ConfigMap", d.name, "configmap", d.text)
		for side, env := range secretEnvs {
			c.files[fmt.Sprintf("%s/k8s/file-%03d.yaml", env, i)] = fmt.Sprintf(
				"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: file-%s}\ndata:\n  content: %s\n", d.name, quote(value[side]))
		}
	}
}

// plantObjects plants trees of values in a custom resource and in a file.
func (c *corpus) plantObjects(t testing.TB) {
	for _, d := range documents(t, "objects.txtar") {
		class := map[string]string{
			"nested": "below a secret name", "pair": "name and value", "key": "name of a field",
		}[strings.SplitN(d.name, "-", 2)[0]]
		spec := c.expand(class, d.name, "custom resource", d.text)
		file := c.expand(class, d.name, "yaml", d.text)
		for side, env := range secretEnvs {
			c.files[env+"/k8s/object-"+d.name+".yaml"] = "apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: " +
				d.name + "}\nspec:\n  " + strings.ReplaceAll(strings.TrimSpace(spec[side]), "\n", "\n  ") + "\n"
			c.files[env+"/files/object-"+d.name+".yaml"] = file[side]
		}
	}
}

func (c *corpus) plantArguments(t testing.TB) {
	for i, row := range rows(t, "args.tsv", 2) {
		value := c.expand("command line", row[0], "args", row[1])
		for side, env := range secretEnvs {
			var args []string
			if err := json.Unmarshal([]byte(value[side]), &args); err != nil {
				t.Fatalf("args.tsv: %s: %v", row[0], err)
			}
			field := "args"
			if i%2 == 1 {
				field = "command"
			}
			c.files[fmt.Sprintf("%s/k8s/args-%02d.yaml", env, i)] = deployment("args-"+row[0],
				"        "+field+": "+flow(args)+"\n", "")
		}
	}
}

// flow is a list in YAML's flow style.
func flow(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
