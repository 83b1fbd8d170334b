package compare

import (
	"sort"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// changeOf names the kind of change between two values.
func changeOf(own, ref *parity.Fact) parity.Change {
	a, b := own.Value, ref.Value
	switch {
	case either(a, b, parity.Secret):
		return parity.SecretChange
	case toggle(a) && toggle(b):
		return parity.ToggleChange
	case either(a, b, parity.Schedule):
		return parity.ScheduleChange
	case either(a, b, parity.Image):
		return imageChange(a, b)
	case either(a, b, parity.Version) && !either(a, b, parity.URL), versionLike(ref.Path):
		return parity.VersionChange
	case numbered(own) && numbered(ref):
		return parity.IdentifierChange
	case sized(a) && sized(b):
		return parity.SizingChange
	case a.Kind == parity.List && b.Kind == parity.List && reordered(a.Raw, b.Raw):
		return parity.OrderChange
	case !short(a.Raw) || !short(b.Raw):
		return parity.TextChange
	case either(a, b, parity.URL) || addressed(ref.Path, b.Raw) || addressed(own.Path, a.Raw):
		return parity.AddressChange
	}
	return parity.TextChange
}

func either(a, b parity.Value, k parity.ValueKind) bool { return a.Kind == k || b.Kind == k }

func toggle(v parity.Value) bool {
	if v.Kind == parity.Bool {
		return true
	}
	switch lower(v.Raw) {
	case "true", "false", "yes", "no", "on", "off", "enabled", "disabled", "enable", "disable":
		return true
	}
	return false
}

// numbered reports whether a fact is a whole number that identifies a thing, by
// its name.
func numbered(f *parity.Fact) bool {
	return f.Value.Kind != parity.Secret && f.Value.Raw != "" && strings.Trim(f.Value.Raw, digits) == "" && value.NamesIdentifier(f.Path)
}

func sized(v parity.Value) bool {
	if v.Kind == parity.Quantity || v.Kind == parity.Number || v.Kind == parity.Duration {
		return true
	}
	_, ok := value.Quantity(v.Raw)
	return ok
}

func imageChange(a, b parity.Value) parity.Change {
	x, okX := value.ParseImage(a.Canonical())
	y, okY := value.ParseImage(b.Canonical())
	if okX && okY && x.Repository == y.Repository && x.Tag == y.Tag && x.Digest == y.Digest {
		return parity.AddressChange
	}
	return parity.VersionChange
}

// reordered reports whether two JSON arrays of texts have the same items.
func reordered(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	x, y := strings.Split(strings.Trim(a, "[]"), ","), strings.Split(strings.Trim(b, "[]"), ",")
	sort.Strings(x)
	sort.Strings(y)
	return strings.Join(x, ",") == strings.Join(y, ",")
}
