package kubernetes

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/envparity/parity/internal/doc"
)

// maxRetries is how often a request that the server asks to be made later is
// made again, all within its timeout.
const maxRetries = 3

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

// pages asks for a list page by page and gives each item to the function. No
// resource version is asked for: the server answers from its watch cache where
// that is up to date, and keeps to the page's size in any case.
func (c *cluster) pages(ctx context.Context, l listing, each func(p page, item []byte) error) error {
	token := ""
	for {
		next, err := c.page(ctx, l, token, each)
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
	req := c.rest.Get().AbsPath(l.path(l.namespace)).MaxRetries(maxRetries).
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

// object is the part of an item that is looked at before it is read.
type object struct {
	page page
	raw  []byte
	Meta metadata `json:"metadata"`
	Type string   `json:"type"` // a Secret's
	Kind string   `json:"kind"` // a custom resource's
}

type metadata struct {
	Name            string                  `json:"name"`
	Namespace       string                  `json:"namespace"`
	UID             string                  `json:"uid"`
	ResourceVersion string                  `json:"resourceVersion"`
	Labels          map[string]string       `json:"labels"`
	Annotations     map[string]string       `json:"annotations"`
	Owners          []metav1.OwnerReference `json:"ownerReferences"`
}

// controller is the owner that controls the object; nil where there is none.
func (m *metadata) controller() *metav1.OwnerReference {
	for i := range m.Owners {
		if m.Owners[i].Controller != nil && *m.Owners[i].Controller {
			return &m.Owners[i]
		}
	}
	return nil
}

// node reads the item as a tree, with what the list says of its kind.
func (o *object) node(l doc.Limits, kind string) (*doc.Node, error) {
	n, err := doc.ParseJSON(o.raw, l)
	if err != nil {
		return nil, err
	}
	if n.Kind == doc.Map && n.Get("kind") == nil {
		n.Fields = append(n.Fields,
			doc.Field{Key: "apiVersion", Value: &doc.Node{Kind: doc.String, Text: o.page.version}},
			doc.Field{Key: "kind", Value: &doc.Node{Kind: doc.String, Text: kind}})
	}
	return n, nil
}

// decode reads the part of an item that is looked at first.
func decode(p page, raw []byte) (object, error) {
	o := object{page: p, raw: raw}
	err := json.Unmarshal(raw, &o)
	return o, err
}
