package compose

import (
	"context"
	"maps"
	"slices"

	"github.com/compose-spec/compose-go/v2/interpolation"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/envparity/parity/internal/render"
)

// loadTask is the task that merges and interpolates Compose files.
const loadTask = "compose"

// Tasks returns what the collector has rendered apart.
func Tasks() []render.Task { return []render.Task{{Name: loadTask, Run: loadModel}} }

// loadJob is what loading a model is given. The files that these include lie in
// the working directory.
type loadJob struct {
	dir, project string
	files        []types.ConfigFile
	env          variables
	nodes        int
}

// loaded is what loading a model yields: the model, or why there is none, and
// the variables that were asked for in vain.
type loaded struct {
	fault string
	model map[string]any
	unset []string
}

// loadModel does one job of loadTask.
func loadModel(request []byte, _ func([]byte) ([]byte, error)) ([]byte, error) {
	job, err := decodeLoadJob(request)
	if err != nil {
		return nil, err
	}
	var done loaded
	err = guard(func() (err error) {
		done.model, err = job.load()
		return err
	})
	if err != nil {
		done.fault, done.model = "it cannot be loaded: "+err.Error(), nil
	}
	done.unset = slices.Sorted(maps.Keys(job.env.unset))
	return done.encode(), nil
}

func (j *loadJob) load() (map[string]any, error) {
	details := types.ConfigDetails{WorkingDir: j.dir, Environment: maps.Clone(j.env.values), ConfigFiles: j.files}
	return loader.LoadModelWithContext(context.Background(), details, func(o *loader.Options) {
		o.SkipNormalization, o.ResolvePaths, o.MaxNodeVisits = true, false, j.nodes
		o.SetProjectName(j.project, true)
		o.Interpolate = &interpolation.Options{
			Substitute: j.env.substitute, LookupValue: j.env.lookup, TypeCastMapping: o.Interpolate.TypeCastMapping,
		}
	})
}

func (j *loadJob) encode() []byte {
	var e render.Encoder
	e.String(j.dir)
	e.String(j.project)
	e.Uint(uint64(j.nodes))
	e.Uint(uint64(j.env.stand))
	e.Uint(uint64(len(j.env.values)))
	for _, name := range slices.Sorted(maps.Keys(j.env.values)) {
		e.String(name)
		e.String(j.env.values[name])
	}
	e.Uint(uint64(len(j.files)))
	for _, f := range j.files {
		e.String(f.Filename)
		e.Bytes(f.Content)
	}
	return e.Data()
}

func decodeLoadJob(data []byte) (*loadJob, error) {
	d := render.NewDecoder(data)
	j := &loadJob{dir: d.String(), project: d.String(), nodes: int(d.Uint())}
	j.env = variables{stand: standIn(d.Uint()), values: map[string]string{}, unset: map[string]bool{}}
	for range d.Count() {
		name := d.String()
		j.env.values[name] = d.String()
		if d.Failed() {
			break
		}
	}
	for range d.Count() {
		f := types.ConfigFile{Filename: d.String(), Content: d.Bytes()}
		if d.Failed() {
			break
		}
		j.files = append(j.files, f)
	}
	return j, d.Err()
}

func (l *loaded) encode() []byte {
	var e render.Encoder
	e.String(l.fault)
	e.Value(l.model)
	e.Uint(uint64(len(l.unset)))
	for _, name := range l.unset {
		e.String(name)
	}
	return e.Data()
}

func decodeLoaded(data []byte) (*loaded, error) {
	d := render.NewDecoder(data)
	l := &loaded{fault: d.String()}
	l.model, _ = d.Value().(map[string]any)
	for range d.Count() {
		if d.Failed() {
			break
		}
		l.unset = append(l.unset, d.String())
	}
	return l, d.Err()
}
