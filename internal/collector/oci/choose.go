package oci

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/value"
)

// wanted is one image to read.
type wanted struct {
	// ref is what is asked for, and img its canonical form taken apart, by
	// which mirrors are what they mirror.
	ref string
	img value.Image
	// key is the subject's.
	key  parity.Key
	stem string
	// from is where another source names it; nil where parity.yaml does.
	from *parity.FactRef
}

// choose gives the images to read, each once.
func (r *reader) choose(ctx context.Context, out collector.Sink) ([]wanted, error) {
	workloads := len(r.cfg.Images) == 0
	if r.cfg.Workloads != nil {
		workloads = *r.cfg.Workloads
	}
	named := map[string]*parity.FactRef{}
	var all []wanted
	for i := range r.in.Images {
		n := &r.in.Images[i]
		if _, ok := named[n.Canonical]; !ok {
			named[n.Canonical] = &n.From
			if workloads && r.isOwn(n.Ref) {
				out.Gap(parity.Gap{
					Kind: parity.ImageSubject, Where: n.Ref, Reason: "the registry of this image is an address of this machine, which is asked only if parity.yaml names it",
					Hint: "name the registry under insecure",
				})
			} else if workloads {
				all = r.want(all, out, n.Ref, n.Canonical, &n.From)
			}
		}
	}
	for _, ref := range r.cfg.Images {
		refs := []string{ref}
		if strings.ContainsAny(tagOf(ref), "*?") {
			refs = r.tags(ctx, ref, out)
		}
		for _, ref := range refs {
			from := named[ref]
			if img, ok := value.ParseImage(ref); ok {
				from = named[img.Canonical(nil)]
			}
			all = r.want(all, out, ref, ref, from)
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b wanted) int { return strings.Compare(a.img.Canonical(nil), b.img.Canonical(nil)) })
	all = slices.CompactFunc(all, func(a, b wanted) bool { return a.img == b.img })
	identify(all)
	return all, nil
}

// isOwn reports whether an image of a workload is in a registry of this machine
// that the source does not name. Whoever writes a manifest chooses its images,
// and is not to have Parity ask whatever listens here.
func (r *reader) isOwn(ref string) bool {
	host, _, ok := strings.Cut(ref, "/")
	if !ok || !plainHost(host) || slices.Contains(r.cfg.Insecure, host) {
		return false
	}
	return !slices.ContainsFunc(r.cfg.Images, func(named string) bool { return strings.HasPrefix(named, host+"/") })
}

// want adds an image, unless it is excluded or no reference at all.
func (r *reader) want(all []wanted, out collector.Sink, ref, canonical string, from *parity.FactRef) []wanted {
	img, ok := value.ParseImage(canonical)
	if !ok {
		out.Gap(parity.Gap{
			Kind: parity.ImageSubject, Where: ref, Reason: "this is no reference of an image",
			Hint: "write registry/repository:tag or registry/repository@digest",
		})
		return all
	}
	plain, full := img, img.Canonical(nil)
	plain.Digest = ""
	for _, pattern := range r.cfg.Exclude {
		if fits(pattern, full) || fits(pattern, plain.Canonical(nil)) || fits(pattern, ref) {
			return all
		}
	}
	return append(all, wanted{ref: ref, img: img, from: from})
}

// fits reports whether a pattern fits a text; * stands for any run of characters.
func fits(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return strings.HasSuffix(text, parts[len(parts)-1])
}

// identify names the subjects: by repository, so that one release meets the
// next, and by repository and version where there are several of one.
func identify(all []wanted) {
	count := map[[2]string]int{}
	for i := range all {
		count[[2]string{all[i].img.Registry, all[i].img.Repository}]++
	}
	for i := range all {
		w := &all[i]
		w.key = parity.Key{Kind: parity.ImageSubject, Scope: w.img.Registry, Name: w.img.Repository}
		if count[[2]string{w.img.Registry, w.img.Repository}] == 1 {
			continue
		}
		w.stem = w.key.Name
		if w.img.Tag != "" {
			w.key.Name += ":" + w.img.Tag
		}
		if w.img.Digest != "" {
			w.key.Name += "@" + shortDigest(w.img.Digest)
		}
	}
}

// shortDigest is the beginning of a digest, for people.
func shortDigest(digest string) string {
	const shown = 12
	algorithm, hex, _ := strings.Cut(digest, ":")
	return algorithm + ":" + hex[:min(shown, len(hex))]
}

// tagOf gives what follows the last colon of a reference's last segment.
func tagOf(ref string) string {
	last := ref[strings.LastIndexByte(ref, '/')+1:]
	_, tag, _ := strings.Cut(last, ":")
	return tag
}

// tags gives the newest tags that fit a pattern. Where the registry does not
// tell, that is a gap over the repository.
func (r *reader) tags(ctx context.Context, ref string, out collector.Sink) []string {
	pattern := tagOf(ref)
	repository := strings.TrimSuffix(ref, ":"+pattern)
	gap := func(f failure) {
		img, _ := value.ParseImage(repository)
		for _, of := range []string{"", ":*"} { // one image of the repository, or several
			out.Gap(parity.Gap{
				Kind: parity.ImageSubject, Scope: parity.LiteralPattern(img.Registry), Name: parity.LiteralPattern(img.Repository) + of,
				Where: ref, Reason: f.reason("the tags"), Hint: f.hint,
			})
		}
	}
	parsed, err := r.reference(repository)
	if err != nil {
		gap(failure{what: "this is no reference of an image", hint: "write registry/repository:pattern"})
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	puller, err := r.puller()
	if err != nil {
		gap(r.failed(ctx, err, parsed))
		return nil
	}
	all, err := puller.List(ctx, parsed.Context())
	if err != nil {
		gap(r.failed(ctx, err, parsed))
		return nil
	}
	var tags []string
	for _, tag := range all {
		if ok, err := path.Match(pattern, tag); err == nil && ok {
			tags = append(tags, tag)
		}
	}
	if len(tags) == 0 {
		gap(failure{what: "no tag of the repository fits the pattern", hint: "check the pattern"})
		return nil
	}
	slices.SortFunc(tags, newestFirst)
	tags = tags[:min(len(tags), max(1, r.cfg.Latest))]
	for i, tag := range tags {
		tags[i] = repository + ":" + tag
	}
	return tags
}

// newestFirst orders tags: versions, the greatest first, then what is none, by
// name.
func newestFirst(a, b string) int {
	if c, ok := value.CompareVersions(a, b); ok {
		return cmp.Or(-c, strings.Compare(b, a))
	}
	_, okA := value.CompareVersions(a, a)
	_, okB := value.CompareVersions(b, b)
	switch {
	case okA && !okB:
		return -1
	case okB && !okA:
		return 1
	}
	return strings.Compare(b, a)
}
