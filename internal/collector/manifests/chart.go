package manifests

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/ignore"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
)

// maxChartFiles bounds what a chart may hold.
const maxChartFiles = 20_000

// chartReader reads the files of one chart.
type chartReader struct {
	s   *session
	dir string
	// under is where the files stand in the chart that is rendered.
	under string
	rules *ignore.Rules
	files []*loader.BufferedFile
	bytes int64
}

// chartJob reads the chart in a directory, or a packed one, for rendering it.
func (s *session) chartJob(at string) (*chartJob, error) {
	if isFile(s.place.FS, at) {
		data, err := s.readFile(at, s.in.Limits.FileBytes)
		if err != nil {
			return nil, s.chartError(at, "the packed chart cannot be read")
		}
		return &chartJob{archive: data}, nil
	}
	r := newChartReader(s, at)
	if err := r.walk("", 0); err != nil {
		return nil, err
	}
	if err := r.locals(); err != nil {
		return nil, err
	}
	lacks := r.fetched()
	return &chartJob{files: r.files, lacks: lacks}, nil
}

func newChartReader(s *session, at string) *chartReader {
	r := &chartReader{s: s, dir: at, rules: ignore.Empty()}
	if text, err := s.readFile(path.Join(at, ignore.HelmIgnore), 1<<20); err == nil {
		if rules, err := ignore.Parse(bytes.NewReader(text)); err == nil {
			r.rules = rules
		}
	}
	r.rules.AddDefaults()
	return r
}

func (s *session) chartError(at, what string) error {
	return &parity.Error{Code: parity.CodeUnavailable, Where: s.place.Display(at), What: what, Hint: "helm lint tells more"}
}

// walk reads a directory of the chart. rel is relative to the chart.
func (r *chartReader) walk(rel string, depth int) error {
	entries, err := fs.ReadDir(r.s.place.FS, path.Join(r.dir, rel))
	if err != nil {
		return r.s.chartError(r.dir, "a directory of the chart cannot be read")
	}
	for _, e := range entries {
		if err := r.s.ctx.Err(); err != nil {
			return err
		}
		name := path.Join(rel, e.Name())
		at := path.Join(r.dir, name)
		info, err := r.info(e, at)
		if err != nil || info == nil || r.rules.Ignore(name, info) {
			if err != nil {
				return err
			}
			continue
		}
		switch {
		case !info.IsDir():
			err = r.add(name, at)
		case depth < maxTreeDepth:
			err = r.walk(name, depth+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// info follows a link; nil where there is nothing at its end. A link that is not
// followed makes the whole chart unknown, unless the chart ignores it: templates
// may read what they like of the chart's files.
func (r *chartReader) info(e fs.DirEntry, at string) (fs.FileInfo, error) {
	info, err := e.Info()
	if err != nil {
		return nil, r.s.chartError(at, "a file of the chart cannot be read")
	}
	if info.Mode()&fs.ModeSymlink == 0 {
		return info, nil
	}
	followed, err := fs.Stat(r.s.place.FS, at)
	if refused := place.Refused(err); refused != nil {
		if name := strings.TrimPrefix(at, r.dir+"/"); r.rules.Ignore(name, info) {
			return nil, nil
		}
		return nil, r.refuse(refused)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, r.s.chartError(at, "a file of the chart cannot be read")
	}
	return followed, nil
}

// refuse is the error of a chart that holds what is not read.
func (r *chartReader) refuse(e *place.RefusedError) error {
	return &parity.Error{Code: parity.CodeConfig, Where: e.Path, What: "the chart cannot be read: " + e.What, Hint: e.Hint}
}

func (r *chartReader) add(name, at string) error {
	f, err := r.s.place.FS.Open(at)
	if refused := place.Refused(err); refused != nil {
		return r.refuse(refused)
	}
	if err != nil {
		return r.s.chartError(at, "a file of the chart cannot be read")
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, r.s.in.Limits.FileBytes+1))
	if err != nil {
		return r.s.chartError(at, "a file of the chart cannot be read")
	}
	r.bytes += int64(len(data))
	if r.bytes > r.s.in.Limits.FileBytes || len(r.files) >= maxChartFiles {
		return r.s.chartError(r.dir, fmt.Sprintf("the chart is larger than %d bytes or %d files", r.s.in.Limits.FileBytes, maxChartFiles))
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r.files = append(r.files, &loader.BufferedFile{Name: path.Join(r.under, name), Data: data})
	return nil
}

// missingCharts lists the dependencies of a chart that are not in it and that
// the values leave on. It takes all that are not there out of the metadata, so
// that the rest renders.
func missingCharts(c *chart.Chart, values chartutil.Values) []*chart.Dependency {
	have := map[string]bool{}
	for _, d := range c.Dependencies() {
		have[d.Name()] = true
	}
	var absent, there []*chart.Dependency
	for _, d := range c.Metadata.Dependencies {
		switch {
		case d == nil:
		case have[d.Name]:
			there = append(there, d)
		case enabled(d, values):
			absent = append(absent, d)
		}
	}
	c.Metadata.Dependencies = there
	return absent
}

// enabled reports whether the values leave a dependency on: the first condition
// that is there decides, else the tags, of which one that is on is enough.
func enabled(d *chart.Dependency, values chartutil.Values) bool {
	for condition := range strings.SplitSeq(d.Condition, ",") {
		if v, err := values.PathValue(strings.TrimSpace(condition)); err == nil {
			if on, ok := v.(bool); ok {
				return on
			}
		}
	}
	tags, err := values.Table("tags")
	if err != nil {
		return true
	}
	off := false
	for _, t := range d.Tags {
		if on, ok := tags[t].(bool); ok {
			if on {
				return true
			}
			off = true
		}
	}
	return !off
}
