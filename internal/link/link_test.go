package link_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/link"
)

func TestCheck(t *testing.T) {
	long := "https://vidaoo.example/" + strings.Repeat("a", link.MaxLength)
	tests := []struct {
		name string
		raw  string
		want error
	}{
		{"plain", "https://vidaoo.example/s1", nil},
		{"query and fragment", "https://vidaoo.example/join?s=1&lang=it#top", nil},
		{"port", "https://vidaoo.example:8443/s1", nil},
		{"upper case", "HTTPS://Vidaoo.Example/s1", nil},
		{"no path", "https://vidaoo.example", nil},
		{"one label", "https://vidaoo/s1", nil},
		{"trailing dot", "https://vidaoo.example./s1", nil},
		{"underscore", "https://my_site.example/", nil},
		{"international host in ASCII", "https://xn--caf-dma.example/", nil},
		{"letters of other scripts in the path", "https://vidaoo.example/città/שלום", nil},
		{"at sign in the path", "https://vidaoo.example/@desk", nil},
		{"at sign in the query", "https://vidaoo.example?@evil.example", nil},
		{"address", "https://192.0.2.7/s1", nil},
		{"address of version 6", "https://[2001:db8::1]:8443/s1", nil},
		{"longest", long[:link.MaxLength], nil},

		{"http on localhost", "http://localhost:8080", nil},
		{"http on Localhost", "http://LocalHost/", nil},
		{"http on 127.0.0.1", "http://127.0.0.1:8080/session/1", nil},
		{"http on 127.9.9.9", "http://127.9.9.9/", nil},
		{"http on ::1", "http://[::1]:8080/", nil},

		{"empty", "", link.ErrEmpty},
		{"too long", long, link.ErrTooLong},

		{"javascript", "javascript:alert(1)", link.ErrScheme},
		{"javascript with slashes", "javascript://vidaoo.example/%0aalert(1)", link.ErrScheme},
		{"file", "file:///etc/passwd", link.ErrScheme},
		{"data", "data:text/html,hello", link.ErrScheme},
		{"other program", "ms-msdt:/id", link.ErrScheme},
		{"ftp", "ftp://vidaoo.example/", link.ErrScheme},
		{"no scheme", "vidaoo.example/s1", link.ErrScheme},
		{"scheme of the page", "//vidaoo.example/s1", link.ErrScheme},
		{"path", "/s1", link.ErrScheme},
		{"word", "yes", link.ErrScheme},
		{"looks like an option", "--version", link.ErrScheme},
		{"colon first", ":https://vidaoo.example", link.ErrMalformed},
		{"bad escape in the host", "https://%zz/", link.ErrMalformed},
		{"bad escape in the path", "https://vidaoo.example/%zz", link.ErrMalformed},
		{"open bracket", "https://[::1/", link.ErrMalformed},
		{"letters for a port", "https://vidaoo.example:https/", link.ErrMalformed},

		{"user", "https://vidaoo.example@evil.example/", link.ErrUserInfo},
		{"user and password", "https://user:word@vidaoo.example/", link.ErrUserInfo},
		{"empty user", "https://@vidaoo.example/", link.ErrUserInfo},

		{"opaque", "https:vidaoo.example", link.ErrHost},
		{"one slash", "https:/vidaoo.example", link.ErrHost},
		{"three slashes", "https:///vidaoo.example", link.ErrHost},
		{"scheme only", "https://", link.ErrHost},
		{"port only", "https://:8443/", link.ErrHost},
		{"dot", "https://./", link.ErrHost},
		{"empty label", "https://vidaoo..example/", link.ErrHost},
		{"long label", "https://" + strings.Repeat("a", 64) + ".example/", link.ErrHost},
		{"long host", "https://" + strings.Repeat("a.", 127) + "example/", link.ErrHost},
		{"Cyrillic host", "https://vidа\u043eo.example/", link.ErrHost},
		{"escaped letters in the host", "https://vida%d0%beo.example/", link.ErrHost},
		{"wide full stop in the host", "https://vidaoo。example/", link.ErrHost},
		{"wide slash in the host", "https://vidaoo.example／.evil.example/", link.ErrHost},
		{"zone", "http://[::1%25lo]/", link.ErrHost},

		{"port 0", "https://vidaoo.example:0/", link.ErrPort},
		{"port 65536", "https://vidaoo.example:65536/", link.ErrPort},

		{"http", "http://vidaoo.example/s1", link.ErrNotSecure},
		{"http on a host that begins with localhost", "http://localhost.evil.com/", link.ErrNotSecure},
		{"http on a host that begins with 127", "http://127.0.0.1.evil.com/", link.ErrNotSecure},
		{"http on a host that ends with localhost", "http://evil.localhost/", link.ErrNotSecure},
		{"http on all addresses", "http://0.0.0.0/", link.ErrNotSecure},
		{"http in the local network", "http://192.168.1.2/", link.ErrNotSecure},
		{"http on a short spelling", "http://127.1/", link.ErrNotSecure},
		{"http on a hexadecimal spelling", "http://0x7f000001/", link.ErrNotSecure},

		{"space", "https://vidaoo.example/my session", link.ErrCharacter},
		{"space before", " https://vidaoo.example/", link.ErrCharacter},
		{"space after", "https://vidaoo.example/ ", link.ErrCharacter},
		{"no-break space", "https://vidaoo.example/\u00a0", link.ErrCharacter},
		{"new line", "https://vidaoo.example/\n", link.ErrCharacter},
		{"tab in the scheme", "java\tscript:alert(1)", link.ErrCharacter},
		{"zero byte", "https://vidaoo.example/\x00", link.ErrCharacter},
		{"delete", "https://vidaoo.example/\x7f", link.ErrCharacter},
		{"right-to-left override", "https://vidaoo.example/\u202egpj.exe", link.ErrCharacter},
		{"zero width space", "https://vidaoo\u200b.example/", link.ErrCharacter},
		{"bytes that are not UTF-8", "https://vidaoo.example/\xff", link.ErrCharacter},
		{"backslashes", `https:\\vidaoo.example\s1`, link.ErrCharacter},
		{"backslash before an at sign", `https://vidaoo.example\@evil.example/`, link.ErrCharacter},
		{"quote", `https://vidaoo.example/"onclick=`, link.ErrCharacter},
		{"left-over template", "https://vidaoo.example/<$data.id$>", link.ErrCharacter},
		{"left-over braces", "https://vidaoo.example/{{id}}", link.ErrCharacter},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := link.Check(test.raw); got != test.want {
				t.Errorf("Check(%q)\n got %v\nwant %v", test.raw, got, test.want)
			}
		})
	}
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		"https://vidaoo.example/s1", "http://127.0.0.1:8080/", "http://[::1]/", "https:example",
		"javascript:alert(1)", `https://a\@b/`, "https://a@b/", "https://[fe80::1%25en0]:1/", "http://localhost.evil.com",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if link.Check(raw) != nil {
			return
		}
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatalf("%q passed and cannot be parsed: %v", raw, err)
		}
		lower := strings.ToLower(raw)
		switch {
		case len(raw) > link.MaxLength:
			t.Errorf("a link of %d bytes passed", len(raw))
		case !strings.HasPrefix(lower, "https://") && !strings.HasPrefix(lower, "http://"):
			t.Errorf("%q passed without a web scheme", raw)
		case u.Hostname() == "" || u.User != nil || u.Opaque != "":
			t.Errorf("%q passed with host %q, user %v", raw, u.Hostname(), u.User)
		case strings.ContainsAny(raw, "\x00\t\r\n \\\"<>"):
			t.Errorf("%q passed with a character that programs read differently", raw)
		case len(u.String()) <= link.MaxLength && link.Check(u.String()) != nil:
			t.Errorf("%q passed but its normal form %q does not", raw, u.String())
		}
	})
}
