package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// cloud is a file of resources, by type and identifier. People may edit it, and
// a refresh sees that.
type cloud struct {
	file, account, region string

	mu sync.Mutex
}

func (c *cloud) change(f func(map[string]json.RawMessage) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[string]json.RawMessage{}
	text, err := os.ReadFile(c.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		if err := json.Unmarshal(text, &all); err != nil {
			return err
		}
	}
	if err := f(all); err != nil {
		return err
	}
	out, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(c.file, append(out, '\n'), 0o600)
}

func (c *cloud) put(kind, id string, v tftypes.Value) error {
	plain, err := toGo(v)
	if err != nil {
		return err
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return err
	}
	return c.change(func(all map[string]json.RawMessage) error {
		all[kind+" "+id] = text
		return nil
	})
}

func (c *cloud) get(kind, id string) (text json.RawMessage, err error) {
	err = c.change(func(all map[string]json.RawMessage) error {
		text = all[kind+" "+id]
		return nil
	})
	return text, err
}

func (c *cloud) remove(kind, id string) error {
	return c.change(func(all map[string]json.RawMessage) error {
		delete(all, kind+" "+id)
		return nil
	})
}

// fill gives a planned value what a cloud hands out in place of what is not
// known yet.
func (c *cloud) fill(k *kind, v tftypes.Value) (tftypes.Value, error) {
	var values map[string]tftypes.Value
	if err := v.As(&values); err != nil {
		return v, err
	}
	known := map[string]string{"account": c.account, "region": c.region}
	sum := sha256.New()
	fmt.Fprint(sum, c.account, k.name)
	for _, f := range k.fields {
		if x, ok := values[f.name]; ok && x.IsFullyKnown() && !x.IsNull() {
			fmt.Fprint(sum, f.name, x.String())
			if x.Type().Is(tftypes.String) {
				var s string
				_ = x.As(&s)
				known[f.name] = s
			}
		}
	}
	hash := hex.EncodeToString(sum.Sum(nil))
	known["hash8"], known["hash17"], known["hash"] = hash[:8], "0"+hash[8:24], hash
	known["uuid"] = hash[:8] + "-" + hash[8:12] + "-4" + hash[13:16] + "-a" + hash[17:20] + "-" + hash[20:32]
	for _, f := range k.fields {
		x := values[f.name]
		if x.IsFullyKnown() {
			continue
		}
		if !x.Type().Is(tftypes.String) {
			values[f.name] = tftypes.NewValue(x.Type(), nil)
			continue
		}
		text := f.template
		for name, value := range known {
			text = strings.ReplaceAll(text, "{"+name+"}", value)
		}
		known[f.name] = text
		values[f.name] = tftypes.NewValue(tftypes.String, text)
	}
	return tftypes.Transform(tftypes.NewValue(v.Type(), values), func(_ *tftypes.AttributePath, x tftypes.Value) (tftypes.Value, error) {
		if !x.IsKnown() {
			return tftypes.NewValue(x.Type(), nil), nil
		}
		return x, nil
	})
}

// toGo turns a value into what JSON can hold.
func toGo(v tftypes.Value) (any, error) {
	if v.IsNull() || !v.IsKnown() {
		return nil, nil
	}
	switch t := v.Type(); {
	case t.Is(tftypes.String):
		var s string
		err := v.As(&s)
		return s, err
	case t.Is(tftypes.Bool):
		var b bool
		err := v.As(&b)
		return b, err
	case t.Is(tftypes.Number):
		n := new(big.Float)
		if err := v.As(&n); err != nil {
			return nil, err
		}
		return json.Number(n.Text('g', -1)), nil
	}
	var fields map[string]tftypes.Value
	if err := v.As(&fields); err == nil {
		out := map[string]any{}
		for name, x := range fields {
			if out[name], err = toGo(x); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	var items []tftypes.Value
	if err := v.As(&items); err != nil {
		return nil, err
	}
	out := []any{}
	for _, x := range items {
		plain, err := toGo(x)
		if err != nil {
			return nil, err
		}
		out = append(out, plain)
	}
	return out, nil
}
