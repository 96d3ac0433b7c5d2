package agent

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/deskbell/deskbell/internal/lang"
)

// certificateTrouble says what is wrong with a certificate and what to do,
// each kind of trouble in its own sentence, whose subject is [hubCertificate] or
// [proxyCertificate]. It is false for an error that is about something else.
func certificateTrouble(err error, subject string, now time.Time) (sentence string, is bool) {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var roots x509.SystemRootsError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.As(err, &unknown):
		return unknownAuthority(unknown.Cert, subject), true
	case errors.As(err, &host):
		return wrongHost(host, subject), true
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return wrongTime(invalid.Cert, subject, now), true
	case errors.As(err, &roots):
		return lang.T("This computer's own list of trusted authorities can't be read. Ask your administrator."), true
	case errors.As(err, &invalid), errors.As(err, &verification):
		return lang.T("%s is not fit for its purpose. Tell your administrator, who has to replace it.", subject), true
	default:
		return "", false
	}
}

func unknownAuthority(c *x509.Certificate, subject string) string {
	if c == nil || c.Issuer.String() == c.Subject.String() {
		return lang.T("%s was made by itself and by no authority that this computer trusts. Your administrator can give you the certificate's file to choose in the settings; do not sign in without it.", subject)
	}
	return lang.T("%s was issued by %s, which this computer does not trust. If that is your organisation's own authority, choose its certificate's file in the settings; if you do not know it, somebody may be listening in: ask your administrator.", subject, quoted(issuer(c)))
}

func wrongHost(e x509.HostnameError, subject string) string {
	if e.Certificate == nil {
		return lang.T("%s is for another address. Check the address, or ask your administrator.", subject)
	}
	return lang.T("%s is for %s and not for %s. Check the address; if it is right, tell your administrator.", subject, namesOf(e.Certificate), printable(e.Host))
}

// wrongTime is about both, the certificate and this computer's clock: from
// here it can't be known which of them is wrong.
func wrongTime(c *x509.Certificate, subject string, now time.Time) string {
	if c == nil {
		return lang.T("%s has expired or is not valid yet. Check this computer's date and time; if they are right, tell your administrator.", subject)
	}
	if now.Before(c.NotBefore) {
		return lang.T("%s is not valid before %s. On this computer it is %s: if that is wrong, set the date and time; if it is right, tell your administrator, who has to replace it.", subject, moment(c.NotBefore), moment(now))
	}
	return lang.T("%s expired on %s. On this computer it is %s: if that is wrong, set the date and time; if it is right, tell your administrator, who has to renew it.", subject, moment(c.NotAfter), moment(now))
}

// certificateFound says what a good certificate is.
func certificateFound(c *x509.Certificate) string {
	return lang.T("The certificate was issued by %s for %s and is good until %s.", quoted(issuer(c)), namesOf(c), moment(c.NotAfter))
}

// issuer is the name of who issued a certificate, as people know it.
func issuer(c *x509.Certificate) string {
	n := c.Issuer
	organization := strings.Join(n.Organization, ", ")
	switch {
	case n.CommonName != "" && organization != "" && !strings.Contains(n.CommonName, organization):
		return organization + " " + n.CommonName
	case n.CommonName != "":
		return n.CommonName
	case organization != "":
		return organization
	default:
		return lang.T("somebody without a name")
	}
}

const mostNames = 3

// namesOf are the hosts of a certificate; some have hundreds.
func namesOf(c *x509.Certificate) string {
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	more := len(names) - mostNames
	names = names[:min(len(names), mostNames)]
	for i := range names {
		names[i] = printable(names[i])
	}
	switch listed := strings.Join(names, ", "); {
	case len(names) == 0:
		return lang.T("no host")
	case more > 0:
		return lang.T("%s and %d more", listed, more)
	default:
		return listed
	}
}

const longestName = 64

func quoted(s string) string { return lang.T("“%s”", printable(s)) }

// printable makes a word of a certificate or an answer fit to be shown:
// whoever sits on the way may have written it.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, s)
	if letters := []rune(s); len(letters) > longestName {
		return string(letters[:longestName-1]) + "…"
	}
	return s
}

// moment is a time as it stands on this computer's clock, in numbers that are
// read in the same way everywhere.
func moment(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

func hubCertificate() string   { return lang.T("The hub's certificate") }
func proxyCertificate() string { return lang.T("The proxy's certificate") }
