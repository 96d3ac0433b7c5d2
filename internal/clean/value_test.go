package clean_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/clean"
)

type object = map[string]any

func TestValue(t *testing.T) {
	tests := []struct {
		name string
		v    any
		want any
	}{
		{"nothing", nil, nil},
		{"true", true, true},
		{"number", json.Number("12345678901234567890.10"), json.Number("12345678901234567890.10")},
		{"endless number", json.Number(strings.Repeat("9", 2_000)), strings.Repeat("9", clean.MaxText-1) + "…"},
		{"decoded number", 1.5, 1.5},
		{"another type", []byte{1}, "[1]"},
		{"text", "An\u202ena\n", "Anna"},
		{"long text", strings.Repeat("a", 2_000), strings.Repeat("a", clean.MaxText-1) + "…"},
		{"array", []any{"a\x00", nil, false}, []any{"a", nil, false}},
		{"object", object{"na\u200bme": "An\x00na", "n": object{"a": json.Number("1")}},
			object{"name": "Anna", "n": object{"a": json.Number("1")}}},
		{"key that is empty when clean", object{"\u200b": "a"}, object{}},
		{"keys that are the same when clean", object{"a": "first", "a\u200b": "second"}, object{"a": "first"}},
		{"long key", object{strings.Repeat("k", 200): true}, object{strings.Repeat("k", clean.MaxKey-1) + "…": true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := clean.Value(test.v); !reflect.DeepEqual(got, test.want) {
				t.Errorf("Value(%v)\n got %#v\nwant %#v", test.v, got, test.want)
			}
		})
	}
}

func TestValueLeavesItsArgument(t *testing.T) {
	v := object{"a\u200b": []any{"b\u200b"}}
	clean.Value(v)
	if want := (object{"a\u200b": []any{"b\u200b"}}); !reflect.DeepEqual(v, want) {
		t.Errorf("Value changed its argument to %#v", v)
	}
}

func TestObjectLimits(t *testing.T) {
	many := object{}
	for i := range clean.MaxItems + 1 {
		many[fmt.Sprintf("key%04d", i)] = true
	}
	long := make([]any, clean.MaxItems+1)
	talk := object{}
	for i := range 20 {
		talk[fmt.Sprint(i)] = strings.Repeat("é", clean.MaxText)
	}
	tests := []struct {
		name string
		in   object
		cut  bool
	}{
		{"nothing", nil, false},
		{"as deep as allowed", nested(clean.MaxDepth - 1), false},
		{"too deep", nested(clean.MaxDepth), true},
		{"too many keys", many, true},
		{"too many elements", object{"a": long}, true},
		{"too much text", talk, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, cut := clean.Object(test.in)
			if cut != test.cut {
				t.Errorf("cut is %v, want %v", cut, test.cut)
			}
			if got == nil {
				t.Error("Object returned nil")
			}
			if again, _ := clean.Object(test.in); !reflect.DeepEqual(got, again) {
				t.Error("Object does not cut the same value the same way")
			}
			s := measure(got, 1)
			if s.items > clean.MaxItems || s.chars > clean.MaxTotal || s.depth > clean.MaxDepth {
				t.Errorf("Object left %+v", s)
			}
		})
	}
}

func TestObjectKeepsTheFirstKeys(t *testing.T) {
	many := object{}
	for i := range clean.MaxItems + 1 {
		many[fmt.Sprintf("key%04d", i)] = true
	}
	got, _ := clean.Object(many)
	delete(many, fmt.Sprintf("key%04d", clean.MaxItems))
	if !reflect.DeepEqual(got, many) {
		t.Errorf("Object kept %d keys, want the first %d", len(got), clean.MaxItems)
	}
}

// nested returns an object with that many objects inside it, one in the other.
func nested(inside int) object {
	out := object{"end": true}
	for range inside {
		out = object{"in": out}
	}
	return out
}

type size struct{ depth, items, chars int }

func measure(v any, depth int) size {
	var total size
	add := func(s size) {
		total.depth = max(total.depth, s.depth)
		total.items += s.items
		total.chars += s.chars
	}
	switch v := v.(type) {
	case object:
		add(size{depth: depth, items: len(v)})
		for key, member := range v {
			add(size{chars: len([]rune(key))})
			add(measure(member, depth+1))
		}
	case []any:
		add(size{depth: depth, items: len(v)})
		for _, element := range v {
			add(measure(element, depth+1))
		}
	case string:
		add(size{chars: len([]rune(v))})
	case json.Number:
		add(size{chars: len(v)})
	}
	return total
}
