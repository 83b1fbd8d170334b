package manifests

import (
	"helm.sh/helm/v3/pkg/chart/loader"

	"github.com/envparity/parity/internal/render"
)

// chartJob is what rendering a chart is given: the files of a chart, or a
// packed one.
type chartJob struct {
	files                        []*loader.BufferedFile
	archive                      []byte // nil where files hold the chart
	values                       map[string]any
	name, namespace, kubeVersion string
	apiVersions                  []string
	skipCRDs                     bool
	// lacks says why charts could not be fetched, by name. It is not sent.
	lacks map[string]string
	// vague says that some of the values are not known.
	vague bool
}

// chartDone is what rendering a chart yields.
type chartDone struct {
	fault     string // why it cannot be rendered; empty where it can
	hasValues bool   // whether it has values of its own
	missing   []missingChart
	// given are the values of the chart itself that nothing else shows, where a
	// dependency is not there.
	given     map[string]any
	name      string // the release's
	unsettled bool   // whether its dependencies could not be settled
	schemas   []brokenSchema
	failed    []failedTemplate
	made      []madeText // by name
	crds      []madeText
}

// brokenSchema is a schema that the values break.
type brokenSchema struct {
	chart, dir string // dir is relative to the chart that is rendered
	places     []string
}

// failedTemplate is a template that was left out.
type failedTemplate struct {
	name, line, why string
	defines         bool // whether it defines templates for others
	// scoped says that its text puts no object into a namespace but the release's.
	scoped bool
	// kinds are those of the objects that it can make; nil where its text does
	// not say all of them.
	kinds []string
}

// missingChart is a dependency that is not there.
type missingChart struct {
	name, remote string
	// key is what the chart calls it in its values, and given what it gives it.
	key, repository, version string
	given                    map[string]any
	// use is all that decides what it makes, empty where that is not known.
	use     string
	imports bool // whether the chart takes values from it
}

// madeText is what a template makes. again is what it makes the second time,
// or empty.
type madeText struct{ name, text, again string }

func (j *chartJob) encode() []byte {
	var e render.Encoder
	e.Bool(j.archive != nil)
	e.Bytes(j.archive)
	e.Uint(uint64(len(j.files)))
	for _, f := range j.files {
		e.String(f.Name)
		e.Bytes(f.Data)
	}
	e.Value(j.values)
	e.String(j.name)
	e.String(j.namespace)
	e.String(j.kubeVersion)
	encodeTexts(&e, j.apiVersions)
	e.Bool(j.skipCRDs)
	e.Bool(j.vague)
	return e.Data()
}

func decodeChartJob(data []byte) (*chartJob, error) {
	d := render.NewDecoder(data)
	j := &chartJob{}
	packed := d.Bool()
	if archive := d.Bytes(); packed {
		j.archive = archive
	}
	decodeList(d, func() { j.files = append(j.files, &loader.BufferedFile{Name: d.String(), Data: d.Bytes()}) })
	j.values, _ = d.Value().(map[string]any)
	j.name, j.namespace, j.kubeVersion = d.String(), d.String(), d.String()
	j.apiVersions = decodeTexts(d)
	j.skipCRDs = d.Bool()
	j.vague = d.Bool()
	return j, d.Err()
}

func (c *chartDone) encode() []byte {
	var e render.Encoder
	e.String(c.fault)
	e.Bool(c.hasValues)
	e.Uint(uint64(len(c.missing)))
	for _, m := range c.missing {
		e.String(m.name)
		e.String(m.remote)
		e.String(m.use)
		e.Bool(m.imports)
		e.String(m.key)
		e.String(m.repository)
		e.String(m.version)
		encodeValues(&e, m.given)
	}
	encodeValues(&e, c.given)
	e.String(c.name)
	e.Bool(c.unsettled)
	e.Uint(uint64(len(c.schemas)))
	for _, s := range c.schemas {
		e.String(s.chart)
		e.String(s.dir)
		encodeTexts(&e, s.places)
	}
	e.Uint(uint64(len(c.failed)))
	for _, f := range c.failed {
		e.String(f.name)
		e.String(f.line)
		e.String(f.why)
		e.Bool(f.defines)
		e.Bool(f.scoped)
		encodeTexts(&e, f.kinds)
	}
	for _, list := range [][]madeText{c.made, c.crds} {
		e.Uint(uint64(len(list)))
		for _, t := range list {
			e.String(t.name)
			e.String(t.text)
			e.String(t.again)
		}
	}
	return e.Data()
}

func decodeChartDone(data []byte) (*chartDone, error) {
	d := render.NewDecoder(data)
	c := &chartDone{fault: d.String(), hasValues: d.Bool()}
	decodeList(d, func() {
		m := missingChart{name: d.String(), remote: d.String(), use: d.String(), imports: d.Bool(), key: d.String(), repository: d.String(), version: d.String()}
		m.given, _ = d.Value().(map[string]any)
		c.missing = append(c.missing, m)
	})
	c.given, _ = d.Value().(map[string]any)
	c.name = d.String()
	c.unsettled = d.Bool()
	decodeList(d, func() {
		c.schemas = append(c.schemas, brokenSchema{d.String(), d.String(), decodeTexts(d)})
	})
	decodeList(d, func() {
		c.failed = append(c.failed, failedTemplate{d.String(), d.String(), d.String(), d.Bool(), d.Bool(), decodeTexts(d)})
	})
	for _, list := range []*[]madeText{&c.made, &c.crds} {
		decodeList(d, func() { *list = append(*list, madeText{d.String(), d.String(), d.String()}) })
	}
	return c, d.Err()
}

// encodeValues writes values, and none as nil.
func encodeValues(e *render.Encoder, values map[string]any) {
	if values == nil {
		e.Value(nil)
		return
	}
	e.Value(values)
}

func encodeTexts(e *render.Encoder, texts []string) {
	e.Uint(uint64(len(texts)))
	for _, t := range texts {
		e.String(t)
	}
}

func decodeTexts(d *render.Decoder) []string {
	var texts []string
	decodeList(d, func() { texts = append(texts, d.String()) })
	return texts
}

// decodeList reads the length of a list and calls item for each of its items.
func decodeList(d *render.Decoder, item func()) {
	for range d.Count() {
		if d.Failed() {
			return
		}
		item()
	}
}
