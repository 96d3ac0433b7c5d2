package credential_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/credential"
)

func TestAccountString(t *testing.T) {
	for _, tt := range []struct{ name, hub, user, want string }{
		{"address", "https://bell.example.org", "anna", "anna@bell.example.org"},
		{"port", "https://bell.example.org:8443/", "anna", "anna@bell.example.org:8443"},
		{"host only", "bell.example.org:8443", "anna", "anna@bell.example.org:8443"},
		{"case and space", " https://Bell.Example.ORG ", "Anna", "Anna@bell.example.org"},
		{"behind a path", "https://example.org/Bell/", "anna", "anna@example.org/Bell"},
		{"user is an address", "https://bell.example.org", "anna@example.org", "anna@example.org@bell.example.org"},
		{"password in the address", "https://u:p@bell.example.org", "anna", "anna@bell.example.org"},
		{"line break", "https://bell.example.org", "a\nb", "a%0Ab@bell.example.org"},
		{"reordering", "https://bell.example.org", "a\u202eb", "a%E2%80%AEb@bell.example.org"},
		{"percent", "https://bell.example.org", "a%0Ab", "a%250Ab@bell.example.org"},
		{"not UTF-8", "https://bell.example.org", "a\xffb", "a%FFb@bell.example.org"},
		{"replacement character", "https://bell.example.org", "a\ufffdb", "a%EF%BF%BDb@bell.example.org"},
		{"other script", "https://bell.example.org", "Łukasz 李", "Łukasz 李@bell.example.org"},
		{"not an address", "https://[::1", "anna", "anna@https://[::1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			account := credential.Account{Hub: tt.hub, User: tt.user}
			if got := account.String(); got != tt.want {
				t.Errorf("%q on %q is %q, want %q", tt.user, tt.hub, got, tt.want)
			}
		})
	}
}

func FuzzAccountString(f *testing.F) {
	f.Add("https://bell.example.org:8443", "anna")
	f.Add("http://[::1]:80/%0a", "a\nb\x00\xff\u202e%")
	f.Add("\x7f", "")
	f.Fuzz(func(t *testing.T, hub, user string) {
		got := credential.Account{Hub: hub, User: user}.String()
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsGraphic(r) }) {
			t.Errorf("%q on %q is %q, which is not printable", user, hub, got)
		}
		if other := (credential.Account{Hub: hub, User: user + "\n"}).String(); other == got {
			t.Errorf("%q and %q on %q are both %q", user, user+"\n", hub, got)
		}
	})
}

func TestMemory(t *testing.T) {
	checkStore(t, credential.NewMemory())
}

// checkStore is what every store does.
func checkStore(t *testing.T, store credential.Store) {
	t.Helper()
	ctx := t.Context()
	anna := credential.Account{Hub: "https://bell.example.org", User: "anna"}
	ben := credential.Account{Hub: "https://bell.example.org", User: "ben"}

	for _, account := range []credential.Account{anna, ben} {
		if _, err := store.Get(ctx, account); !errors.Is(err, credential.ErrNotFound) {
			t.Errorf("Get(%s) from an empty store: %v, want ErrNotFound", account, err)
		}
		if err := store.Delete(ctx, account); !errors.Is(err, credential.ErrNotFound) {
			t.Errorf("Delete(%s) from an empty store: %v, want ErrNotFound", account, err)
		}
	}
	for _, set := range []struct {
		account credential.Account
		secret  string
	}{{anna, "first"}, {ben, "ben's"}, {anna, "second"}} {
		if err := store.Set(ctx, set.account, set.secret); err != nil {
			t.Fatalf("Set(%s): %v", set.account, err)
		}
		if got, err := store.Get(ctx, set.account); err != nil || got != set.secret {
			t.Errorf("Get(%s) after Set is %q, %v; want %q", set.account, got, err, set.secret)
		}
	}
	if err := store.Delete(ctx, anna); err != nil {
		t.Errorf("Delete(%s): %v", anna, err)
	}
	if _, err := store.Get(ctx, anna); !errors.Is(err, credential.ErrNotFound) {
		t.Errorf("Get(%s) after Delete: %v, want ErrNotFound", anna, err)
	}
	if got, err := store.Get(ctx, ben); err != nil || got != "ben's" {
		t.Errorf("Get(%s) after Delete of %s is %q, %v", ben, anna, got, err)
	}
}
