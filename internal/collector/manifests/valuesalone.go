package manifests

import (
	"errors"
	"path"
)

// Validate implements the check of parity.yaml.
func (c *Config) Validate() error {
	if c.Path == "" && len(c.Values) == 0 && len(c.ValuesInline) == 0 {
		return errors.New("it names neither path nor values")
	}
	return nil
}

// valuesAlone compares values of a chart that the source does not name, as Helm
// puts them together.
func (s *session) valuesAlone() error {
	rel, err := s.release()
	if err != nil {
		return err
	}
	at := s.place.Path
	if len(rel.files) > 0 {
		at = rel.files[0].path
		s.place.Display, s.place.FS = rel.files[0].place.Display, rel.files[0].place.FS
	}
	if rel.name == "" {
		rel.name = path.Base(path.Dir(at))
	}
	if rel.name == "." {
		rel.name = "values"
	}
	if err := s.remoteRelease(rel, remoteChart{file: at}); err != nil {
		return err
	}
	return s.ctx.Err()
}
