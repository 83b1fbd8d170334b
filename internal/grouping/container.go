package grouping

import (
	"maps"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// splitContainers takes the parts of one subject apart by container: a sidecar's
// arguments and an init container's script are seldom one commit. Containers stay
// together where the same place differs in both, as with arguments that stand in
// the wrong container, and where they mount one volume that differs. What is of
// no container stays as it is, but for the volumes of one.
func splitContainers(all []parity.Difference, homes []home) {
	parts := map[string][]int{}
	for i := range homes {
		if homes[i].kind == "parent" {
			if container, _ := containerOf(all[i].Path); container != "" || volumeOf(all[i].Path) != "" {
				parts[homes[i].group] = append(parts[homes[i].group], i)
			}
		}
	}
	for _, members := range parts {
		if together := containerSets(all, members); len(together) > 1 {
			assignContainers(all, homes, members, together)
		}
	}
}

// containerSets gives each container of some differences the name of its set; nil
// where all are one set.
func containerSets(all []parity.Difference, members []int) map[string]string {
	sets := map[string]string{}
	places := map[string]string{} // what was seen in which set
	join := func(place, container string) {
		other, ok := places[place]
		if !ok {
			places[place] = container
			return
		}
		from, to := sets[container], sets[other]
		for name, set := range sets {
			if set == from {
				sets[name] = to
			}
		}
	}
	for _, i := range members {
		container, tail := containerOf(all[i].Path)
		if container == "" {
			continue
		}
		if sets[container] == "" {
			sets[container] = container
		}
		join(tail, container)
		for _, volume := range mounted(&all[i], tail) {
			join(volumePlace(volume), container)
		}
	}
	first := ""
	for _, set := range sets {
		if first != "" && set != first {
			return sets
		}
		first = set
	}
	return nil
}

// assignContainers gives each set of containers a group of its own.
func assignContainers(all []parity.Difference, homes []home, members []int, sets map[string]string) {
	names := map[string]string{} // by set, the first container
	for _, container := range slices.Sorted(maps.Keys(sets)) {
		if set := sets[container]; names[set] == "" {
			names[set] = container
		}
	}
	volumes := map[string]string{}
	for _, i := range members {
		container, tail := containerOf(all[i].Path)
		for _, volume := range mounted(&all[i], tail) {
			volumes[volume] = names[sets[container]]
		}
	}
	for _, i := range members {
		var name string
		if container, _ := containerOf(all[i].Path); container != "" {
			name = names[sets[container]]
		} else {
			name = volumes[volumeOf(all[i].Path)]
		}
		if name != "" {
			homes[i].group = join(homes[i].group, "container", name)
		}
	}
}

// containerOf takes a path apart at its container: which list and name, and what
// is below it. Empty where the path names none.
func containerOf(path string) (container, tail string) {
	at := strings.Index(path, "ontainers[name=")
	if at < 0 {
		return "", ""
	}
	begin := strings.LastIndexByte(path[:at], '/') + 1
	open := strings.IndexByte(path[begin:], '[') + begin
	if _, known := containers[path[begin:open]]; !known {
		return "", ""
	}
	end := min(open+closing(path[open:])+1, len(path))
	return path[begin:end], path[end:]
}

// volumeOf is the name of the volume that a path is of.
func volumeOf(path string) string {
	_, rest, ok := strings.Cut(path, "/volumes[name=")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "]")
	return name
}

// mounted are the volumes that a difference of a mount names.
func mounted(d *parity.Difference, tail string) []string {
	if !strings.HasPrefix(tail, "/volumeMounts[") || !strings.HasSuffix(tail, "/name") {
		return nil
	}
	var names []string
	for _, s := range d.Sides {
		if s.Value != nil && !slices.Contains(names, *s.Value) {
			names = append(names, *s.Value)
		}
	}
	return names
}

// volumePlace is the place that stands for a volume, which no tail of a path is.
func volumePlace(name string) string { return "volume " + name }
