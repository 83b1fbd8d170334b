package sbom

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/command"
	"github.com/envparity/parity/internal/doc"
	list "github.com/envparity/parity/internal/sbom"
	"github.com/envparity/parity/internal/value"
)

// syft asks the program of that name. Where it is not there or fails, that is
// a gap over what it was to be asked about.
func (s *session) syft(ctx context.Context) error {
	target, dir := s.cfg.Image, "."
	if s.cfg.Dir != "" {
		dir = s.cfg.Dir
	}
	p, err := s.in.Root.Resolve(dir)
	if err != nil {
		return err
	}
	if p.OnDisk == "" {
		return &parity.Error{Code: parity.CodeConfig, Where: dir, What: "syft cannot look at a git revision"}
	}
	if target == "" {
		target = "dir:."
	}
	r := command.Run{
		Command: []string{"syft", "scan", "--quiet", "--output", "cyclonedx-json", target},
		Dir:     p.OnDisk, Env: s.cfg.Env, Most: s.limits.Bytes, Timeout: time.Duration(s.cfg.Timeout) * time.Second,
	}
	if s.cfg.Timeout <= 0 {
		r.Timeout = 5 * time.Minute
	}
	key := s.syftKey()
	output, err := r.Output(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil {
		var d *list.Document
		if d, err = list.ParseAs(list.CycloneDX, output, s.limits); err == nil {
			s.hand(d, key, &parity.Origin{File: "exec:syft", Precision: parity.AtFile, Renderer: "syft"}, "syft")
			return nil
		}
	}
	s.out.Gap(syftGap(key, err))
	return nil
}

// syftKey names what syft is asked about. Its own name for a directory is
// where that lies, and for an image is the image.
func (s *session) syftKey() parity.Key {
	name := s.cfg.Name
	if name == "" {
		name = imageName(s.cfg.Image)
	}
	if name == "" {
		name = "default"
	}
	return parity.Key{Kind: Kind, Name: name}
}

// imageName is an image's repository, without the way by which syft gets it.
func imageName(image string) string {
	if way, rest, ok := strings.Cut(image, ":"); ok && !strings.ContainsAny(way, "./") && strings.Contains(rest, "/") {
		image = rest
	}
	if img, ok := value.ParseImage(image); ok {
		return img.Repository
	}
	return image
}

func syftGap(key parity.Key, err error) parity.Gap {
	g := parity.Gap{Kind: key.Kind, Name: parity.LiteralPattern(key.Name), Where: "syft", Hint: parity.HintOf(err)}
	var known *parity.Error
	var in *doc.Error
	switch {
	case errors.As(err, &known):
		g.Reason = known.What
		if g.Hint == "install it, or name it with its path" {
			g.Hint = "install syft on the PATH, or name a bill of materials under paths"
		}
	case errors.As(err, &in):
		g.Reason = "what syft writes cannot be read: " + in.What
	default:
		g.Reason = "syft cannot be asked"
	}
	return g
}
