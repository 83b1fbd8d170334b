package kubernetes

import (
	"context"
	"errors"
	"strconv"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// listing is one list: a kind in a namespace, or in all of them.
type listing struct {
	resource
	namespace string
	// fields narrows it on the server, as a field selector does.
	fields string
}

// page is what a page of a list says besides its items.
type page struct {
	// version and kind are those of the list; items of built-in kinds have
	// none of their own.
	version, kind string
	next          string
}

// errBody is behind errors of bodies that are no list.
var errBody = errors.New("the list cannot be read")

// errBroken is behind errors of bodies that end before they are whole.
var errBroken = errors.New("the list broke off")

// pages asks for a list page by page and gives each item to the function. No
// resource version is asked for: the server answers from its watch cache where
// that is up to date, and keeps to the page's size in any case.
func (c *cluster) pages(ctx context.Context, l listing, each func(p page, item []byte) error) error {
	token := ""
	var seen pageCount
	counted := func(p page, item []byte) error {
		if err := seen.object(); err != nil {
			return err
		}
		return each(p, item)
	}
	for {
		if err := c.begin(&seen); err != nil {
			return err
		}
		next, err := c.page(ctx, l, token, counted)
		if again := expired(err); again != "" && again != token {
			// The list took longer than the server remembers its beginning.
			// What follows is newer than what was read; nothing is read twice.
			token = again
			continue
		}
		if err != nil {
			return err
		}
		if next == "" || next == token {
			return nil
		}
		token = next
	}
}

func (c *cluster) page(ctx context.Context, l listing, token string, each func(page, []byte) error) (next string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req := c.rest.Get().AbsPath(l.path(l.namespace)).
		Param("limit", strconv.Itoa(c.cfg.PageSize))
	if token != "" {
		req = req.Param("continue", token)
	}
	if l.fields != "" {
		req = req.Param("fieldSelector", l.fields)
	}
	body, err := req.Stream(ctx)
	if err != nil {
		return "", err
	}
	defer body.Close()
	p, err := items(body, each)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return p.next, err
}

// expired gives the token by which a list goes on whose own has expired.
func expired(err error) string {
	if !apierrors.IsResourceExpired(err) && !apierrors.IsGone(err) {
		return ""
	}
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		return status.Status().Continue
	}
	return ""
}

// object is one item of a list.
type object struct {
	raw  []byte
	tree *doc.Node
	Meta metadata
}

// metadata is what is looked at before an object is read.
type metadata struct {
	Name, Namespace, UID, ResourceVersion string
	Labels, Annotations                   *doc.Node
	owners                                *doc.Node
}

// decode reads an item as a tree, with what the list says of its kind.
func decode(p page, kind string, raw []byte, l doc.Limits) (*object, error) {
	n, err := doc.ParseJSON(raw, l)
	if err != nil {
		return nil, err
	}
	if n.Kind == doc.Map && n.Get("kind") == nil {
		n.Fields = append(n.Fields,
			doc.Field{Key: "apiVersion", Value: &doc.Node{Kind: doc.String, Text: p.version}},
			doc.Field{Key: "kind", Value: &doc.Node{Kind: doc.String, Text: kind}})
	}
	meta := n.Get("metadata")
	return &object{raw: raw, tree: n, Meta: metadata{
		Name: meta.Get("name").Str(), Namespace: meta.Get("namespace").Str(), UID: meta.Get("uid").Str(),
		ResourceVersion: meta.Get("resourceVersion").Str(), Labels: meta.Get("labels"),
		Annotations: meta.Get("annotations"), owners: meta.Get("ownerReferences"),
	}}, nil
}

// controller gives the owner that controls the object; ok is false where there
// is none.
func (m *metadata) controller() (owner parity.Key, ok bool) {
	if m.owners == nil {
		return parity.Key{}, false
	}
	for _, o := range m.owners.Items {
		if o.Get("controller").Str() == "true" {
			gv, err := schema.ParseGroupVersion(o.Get("apiVersion").Str())
			return parity.Key{Kind: o.Get("kind").Str(), Group: gv.Group, Scope: m.Namespace, Name: o.Get("name").Str()}, err == nil
		}
	}
	return parity.Key{}, false
}
