package vidaoo

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/link"
)

// maxWarnings is how many warnings a [Session] has at most: an administrator puts the first few right
// and looks again.
const maxWarnings = 20

// reading is the state of one [Mapping.Map].
type reading struct {
	mapping Mapping
	payload Payload
	used    map[string]bool // keys of the payload that became a field, or may be a link
	secret  secret          // known once the link is found
	session Session
}

func newReading(m Mapping, p Payload) reading {
	return reading{mapping: m, payload: p, used: map[string]bool{}, session: Session{Found: map[string]string{}}}
}

// link finds the session link: under a key, else in running text.
func (r *reading) link() error {
	missing := NoLinkError{Looked: slices.Concat(r.mapping[FieldLink], r.mapping[FieldText])}
	for _, path := range r.mapping[FieldLink] {
		r.used[path] = true
		if r.session.Link == "" {
			r.session.Link = r.linkAt(path, &missing)
			r.found(FieldLink, path, r.session.Link)
		}
	}
	for _, path := range r.mapping[FieldText] {
		if r.session.Link == "" {
			r.session.Link = r.linkIn(path, &missing)
			r.found(FieldText, path, r.session.Link)
		}
	}
	if r.session.Link == "" {
		missing.Present = present(r.payload, "", nil)
		return &missing
	}
	r.secret = newSecret(r.session.Link)
	r.session.Looked = missing.Looked
	for _, path := range missing.Unfilled {
		r.warnUnfilled(path)
	}
	for _, refused := range missing.Refused {
		r.warn(refused + "; another link was used")
	}
	return nil
}

// found notes at which path a field was.
func (r *reading) found(field, path, text string) {
	if text != "" {
		r.session.Found[field] = path
	}
}

func (r *reading) linkAt(path string, missing *NoLinkError) string {
	v, ok := lookup(r.payload, path)
	if !ok || v == nil {
		return ""
	}
	candidate, ok := asText(v)
	switch {
	case !ok:
		missing.Refused = append(missing.Refused, path+": it is not a text")
	case unfilled(candidate):
		missing.Unfilled = append(missing.Unfilled, path)
	case candidate != "":
		err := link.Check(candidate)
		if err == nil {
			return candidate
		}
		missing.Refused = append(missing.Refused, path+": "+err.Error())
	}
	return ""
}

func (r *reading) linkIn(path string, missing *NoLinkError) string {
	v, _ := lookup(r.payload, path)
	text, _ := asText(v)
	found, left, err := textLink(text)
	if left {
		missing.Unfilled = append(missing.Unfilled, path)
	}
	if found == "" && err != nil {
		missing.Refused = append(missing.Refused, path+": "+err.Error())
	}
	return found
}

// id finds the session id. Calls are told apart by it, so one that cannot be kept whole is not kept:
// two long ids that begin alike must not become one.
func (r *reading) id() string {
	id := r.text(FieldSession, MaxID+1)
	switch {
	case strings.Contains(id, HiddenLink):
		r.warn("the session id holds the session link: calls are told apart by the link")
		return ""
	case utf8.RuneCountInString(id) > MaxID:
		r.warn("the session id is too long to be kept: calls are told apart by the link")
		return ""
	}
	return id
}

// text finds a field that is a text, "" if there is none.
func (r *reading) text(field string, max int) string {
	for _, path := range r.mapping[field] {
		var found []string
		for part := range strings.SplitSeq(path, "+") {
			if text := r.textAt(part); text != "" {
				found = append(found, text)
				r.used[part] = true
			}
		}
		if len(found) > 0 {
			r.session.Found[field] = path
			return clean.Text(strings.Join(found, " "), max)
		}
	}
	return ""
}

func (r *reading) textAt(path string) string {
	v, _ := lookup(r.payload, path)
	text, _ := asText(v)
	if unfilled(text) {
		r.warnUnfilled(path)
		return ""
	}
	return r.secret.hide(text)
}

// metadata is the metadata that was sent and the keys that became nothing else. Where both have a key,
// the metadata's stays.
func (r *reading) metadata() map[string]any {
	all := map[string]any{}
	for _, path := range r.mapping[FieldMetadata] {
		v, _ := lookup(r.payload, path)
		if object, ok := asObject(v); ok {
			maps.Copy(all, object)
			r.used[path], r.session.Found[FieldMetadata] = true, path
			break
		}
	}
	for _, key := range slices.Sorted(maps.Keys(r.payload)) {
		if r.used[key] {
			continue
		}
		if _, taken := all[key]; taken {
			r.warn(r.show(key) + ": the metadata has this key too, and the metadata's was kept")
			continue
		}
		all[key] = r.payload[key]
	}
	out, cut := clean.Object(r.scrubObject(all, ""))
	if cut {
		r.warn("the metadata is too large and was cut: send what an agent needs to know")
	}
	return out
}

// scrub takes the link and unfilled templates out of metadata. It must see whole texts: of a link that
// was cut, half would be left.
func (r *reading) scrub(v any, path string) any {
	switch v := v.(type) {
	case string:
		return r.secret.hide(v)
	case map[string]any:
		return r.scrubObject(v, path+".")
	case []any:
		out := make([]any, 0, len(v))
		for _, element := range v {
			if r.filled(element, path) {
				out = append(out, r.scrub(element, path))
			}
		}
		return out
	}
	return v
}

func (r *reading) scrubObject(object map[string]any, prefix string) map[string]any {
	out := make(map[string]any, len(object))
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if path := prefix + key; r.filled(object[key], path) {
			out[r.secret.hide(key)] = r.scrub(object[key], path)
		}
	}
	return out
}

func (r *reading) filled(v any, path string) bool {
	text, _ := v.(string)
	if unfilled(strings.TrimSpace(text)) {
		r.warnUnfilled(path)
		return false
	}
	return true
}

func (r *reading) warnUnfilled(path string) {
	r.warn(r.show(path) + ": the template was not filled; check the name between <$ and $> in the automation")
}

// show makes a path fit for a warning: its keys may be the sender's.
func (r *reading) show(path string) string {
	return clean.Text(r.secret.hide(path), clean.MaxKey)
}

func (r *reading) warn(sentence string) {
	if len(r.session.Warnings) < maxWarnings && !slices.Contains(r.session.Warnings, sentence) {
		r.session.Warnings = append(r.session.Warnings, sentence)
	}
}
