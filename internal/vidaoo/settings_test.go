package vidaoo_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

func TestDefaultsAreGood(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range vidaoo.AllSettings() {
		if seen[s.Name] {
			t.Errorf("%s is there twice", s.Name)
		}
		seen[s.Name] = true
		if s.Default == "" {
			continue
		}
		settings := vidaoo.Settings{}
		if err := settings.Set(s.Name + "=" + s.Default); err != nil {
			t.Errorf("the default of %s: %v", s.Name, err)
		}
		if got := (vidaoo.Settings{}).Of(s.Name); got != s.Default {
			t.Errorf("%s is %q without being set", s.Name, got)
		}
	}
}

func TestSet(t *testing.T) {
	tests := []struct{ pair, says string }{ // "" for no error
		{"meeting-id=data.key, id", ""},
		{"meeting-id=data..key", "a dot too many"},
		{"meeting-id=,", "it is empty"},
		{"meeting-id=data.key,id", ""},
		{" meeting-id = data.key ", ""},
		{"meeting-create=POST /rooms json", ""},
		{"meeting-create=none", ""},
		{"meeting-get=GET /rooms/{id}?full=1", ""},
		{"meeting-get=GET /rooms", "the path must have {id} once"},
		{"meeting-create=POST /rooms/{id} form", "the path must not have {id}"},
		{"meeting-create=/rooms", "it is not a method, a path and an encoding"},
		{"meeting-create=SEND /rooms form", "is none of GET, POST, PUT, PATCH, DELETE"},
		{"meeting-create=POST /rooms xml", "is none of form, json, empty"},
		{"meeting-create=POST rooms form", "begin it with /"},
		{"meeting-create=POST //evil.example/rooms form", ""}, // it follows the base address
		{"meeting-create=POST @evil.example form", "begin it with /"},
		{"base-url=http://api.example", "can't be"},
		{"auth=oauth", "write key or login"},
		{"key-header=X Key", "letters, digits"},
		{"timeout=1", "write a time"},
		{"attempts=0", "a number from 1 to 10"},
		{"email=a\u202eb", "can't be seen"},
		{"insecure=yes", "there is no setting \"insecure\" of Vidaoo: use one of base-url, "},
		{"meeting-id", "write NAME=VALUE"},
	}
	for _, test := range tests {
		err := vidaoo.Settings{}.Set(test.pair)
		if (test.says == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: the error is %v, want %q", test.pair, err, test.says)
		}
	}
	s := vidaoo.Settings{"timeout": "3s"}
	if err := s.Set("timeout="); err != nil || s.Of("timeout") != "10s" {
		t.Errorf("an empty value gives %q, %v", s.Of("timeout"), err)
	}
}

func TestParseSettings(t *testing.T) {
	s, err := vidaoo.ParseSettings("\ufeff# ours\n\nbase-url = https://vidaoo.example/api\r\nmeeting-create = POST /rooms json\n")
	want := vidaoo.Settings{"base-url": "https://vidaoo.example/api", "meeting-create": "POST /rooms json"}
	if err != nil || !maps.Equal(s, want) {
		t.Errorf("got %v, %v", s, err)
	}
	again, err := vidaoo.ParseSettings(s.String())
	if err != nil || !maps.Equal(again, want) {
		t.Errorf("written and read again: %v, %v", again, err)
	}
	for text, says := range map[string]string{
		"# a\ntimeout=3\n": "line 2: the setting timeout", "what\n": "line 1: ", "a=" + strings.Repeat("x", 70_000): "longer than 64 KiB",
	} {
		if _, err := vidaoo.ParseSettings(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	names := strings.Fields(strings.NewReplacer("=", " ", "\n", " ").Replace(s.String()))
	if !slices.Contains(names, "base-url") {
		t.Errorf("written: %s", s)
	}
}
