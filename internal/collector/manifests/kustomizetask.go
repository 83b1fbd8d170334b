package manifests

import (
	"path"
	"sync"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/openapi"

	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/render"
)

// kustomizeTask is the task that renders a kustomization.
const kustomizeTask = "kustomize"

// kustomizer runs kustomize, whose schema is global to a process, one rendering
// at a time.
type kustomizer struct{ mu sync.Mutex }

// kustomizeJob is what one run of kustomize is given.
type kustomizeJob struct {
	dir      string
	rootOnly bool
	// schema says that a kustomization brings a schema of its own.
	schema   bool
	limits   doc.Limits
	replaced map[string][]byte
	known    *answers
}

// render does one job of kustomizeTask. Files are asked for.
func (k *kustomizer) render(request []byte, ask func([]byte) ([]byte, error)) ([]byte, error) {
	job, err := decodeKustomizeJob(request)
	if err != nil {
		return nil, err
	}
	objects, err := k.run(job, ask)
	if err != nil {
		return nil, err
	}
	var e render.Encoder
	e.Uint(uint64(objects.Size()))
	for _, res := range objects.Resources() {
		n, err := fromYAML(res.YNode(), job.limits)
		e.Bool(err == nil)
		if err != nil {
			e.String(err.Error())
			continue
		}
		encodeNode(&e, n)
	}
	return e.Data(), nil
}

func (k *kustomizer) run(job *kustomizeJob, ask func([]byte) ([]byte, error)) (out resmap.ResMap, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if job.schema {
		// A schema that a kustomization brings would stay for those after it.
		defer openapi.ResetOpenAPI()
	}
	o := krusty.MakeDefaultOptions()
	if !job.rootOnly {
		o.LoadRestrictions = types.LoadRestrictionsNone
	}
	over := &overlay{fsys: &askedFS{known: job.known, ask: ask}, limit: job.limits.Bytes, replaced: job.replaced}
	err = guard(func() error {
		out, err = krusty.MakeKustomizer(o).Run(over, path.Join("/", job.dir))
		return err
	})
	return out, err
}

func (j *kustomizeJob) encode() []byte {
	var e render.Encoder
	e.String(j.dir)
	e.Bool(j.rootOnly)
	e.Bool(j.schema)
	e.Uint(uint64(j.limits.Nodes))
	e.Uint(uint64(j.limits.Depth))
	e.Uint(uint64(j.limits.Bytes))
	e.Uint(uint64(len(j.replaced)))
	for at, data := range j.replaced {
		e.String(at)
		e.Bytes(data)
	}
	j.known.encode(&e)
	return e.Data()
}

func decodeKustomizeJob(data []byte) (*kustomizeJob, error) {
	d := render.NewDecoder(data)
	j := &kustomizeJob{dir: d.String(), rootOnly: d.Bool(), schema: d.Bool(), replaced: map[string][]byte{}}
	j.limits = doc.Limits{Nodes: int(d.Uint()), Depth: int(d.Uint()), Bytes: int64(d.Uint())}
	decodeList(d, func() {
		at := d.String()
		j.replaced[at] = d.Bytes()
	})
	j.known = decodeAnswers(d)
	return j, d.Err()
}

// renderedObject is one object of a kustomization, or why it cannot be read.
type renderedObject struct {
	node  *doc.Node
	fault string
}

func decodeObjects(data []byte) ([]renderedObject, error) {
	d := render.NewDecoder(data)
	var objects []renderedObject
	decodeList(d, func() {
		if d.Bool() {
			objects = append(objects, renderedObject{node: decodeNode(d, 0)})
		} else {
			objects = append(objects, renderedObject{fault: d.String()})
		}
	})
	return objects, d.Err()
}
