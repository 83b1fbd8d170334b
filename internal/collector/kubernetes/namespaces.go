package kubernetes

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
)

// maxNamespaces bounds the namespaces that are listed.
const maxNamespaces = 10_000

// Namespaces lists the namespaces of the cluster of a context that fit a pattern,
// in order, without those that are not read unless they are asked for. It only
// reads. The error is a *parity.Error, or the context's.
func Namespaces(ctx context.Context, in collector.Input, contextName, pattern string) ([]string, error) {
	if err := validPatterns([]string{pattern}); err != nil {
		return nil, &parity.Error{Code: parity.CodeUsage, What: err.Error(), Hint: "write it as shop-*"}
	}
	c, err := connect(in, Config{Context: contextName})
	if err != nil {
		return nil, err
	}
	defer c.close()
	var names []string
	namespaces := listing{resource: resource{version: "v1", name: "namespaces", kind: "Namespace"}}
	err = c.pages(ctx, namespaces, func(_ page, item []byte) error {
		var n struct {
			Metadata struct {
				Name string `json:"name"`
			} `json:"metadata"`
		}
		if err := json.Unmarshal(item, &n); err != nil {
			return err
		}
		if name := n.Metadata.Name; fits([]string{pattern}, name) && !slices.Contains(systemNamespaces, name) && len(names) < maxNamespaces {
			names = append(names, name)
		}
		return nil
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		g := gapOf(err, c.display())
		return nil, &parity.Error{Code: parity.CodeUnavailable, Where: c.display(), What: g.Reason, Hint: g.Hint, Err: err}
	}
	slices.Sort(names)
	return names, nil
}

// Connects reports what is wrong with a context, as far as the kubeconfig tells;
// nothing is sent.
func Connects(in collector.Input, contextName string) error {
	c, err := connect(in, Config{Context: contextName})
	if err == nil {
		c.close()
	}
	return err
}
