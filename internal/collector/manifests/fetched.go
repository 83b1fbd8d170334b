package manifests

import (
	"path"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
)

// fetchHint says how to get a chart that is not here.
const fetchHint = "give --fetch, which gets charts whose version is exact or locked, or run helm dependency build on the chart"

// fetched gets the dependencies of a chart that are not in it, as helm
// dependency build does, and returns why some are not there, by name.
func (r *chartReader) fetched() map[string]string {
	if r.s.in.Charts == nil {
		return nil
	}
	var locked struct {
		Dependencies []*chart.Dependency `json:"dependencies"`
	}
	if !r.decode("Chart.lock", &locked) {
		r.decode("requirements.lock", &locked)
	}
	lacks := map[string]string{}
	for _, d := range r.dependencies() {
		if d.Repository == "" || strings.HasPrefix(d.Repository, localPrefix) || d.Name == "" || strings.ContainsAny(d.Name, "/\\") || r.has(d.Name) {
			continue
		}
		version := d.Version
		for _, l := range locked.Dependencies {
			if l != nil && l.Name == d.Name && l.Repository == d.Repository {
				version = l.Version
			}
		}
		data, why := r.s.fetch(d.Repository, d.Name, version)
		if why == "" && r.bytes+int64(len(data)) > r.s.in.Limits.FileBytes {
			why = "the chart would be too large with it"
		}
		if why != "" {
			lacks[d.Name] = why
			continue
		}
		r.bytes += int64(len(data))
		r.files = append(r.files, &loader.BufferedFile{Name: path.Join("charts", d.Name+"-"+version+".tgz"), Data: data})
	}
	return lacks
}

// fetch gets a chart, and returns why it cannot, or nothing.
func (s *session) fetch(repository, name, version string) (data []byte, why string) {
	if !pinned(version) {
		return nil, "its version may mean another chart tomorrow: it is neither exact nor locked"
	}
	data, err := s.in.Charts.Chart(s.ctx, strings.TrimSuffix(repository, "/"), name, version)
	if err != nil {
		return nil, err.Error()
	}
	return data, ""
}

// fetchedRelease gets the chart of a release.
func (s *session) fetchedRelease(c remoteChart) (data []byte, why string) {
	if s.in.Charts == nil {
		return nil, ""
	}
	repository, name := c.repository, c.name
	if repository == "" {
		i := strings.LastIndexByte(name, '/')
		if i < 0 {
			return nil, "no repository is named for it"
		}
		repository, name = name[:i], name[i+1:]
	}
	return s.fetch(repository, name, c.version)
}
