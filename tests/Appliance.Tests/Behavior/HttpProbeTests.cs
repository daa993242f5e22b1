using Blackwall.Pipeline;
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
    }

    [Theory]
    [InlineData("/a/%2e%2e/%2e%2e/etc/passwd", "/b?x=%252e%252e%252fshadow")]
    [InlineData("/?id=1%20UNION%20SELECT%20password", "/?q=${jndi:ldap://x}")]
    [InlineData("/..\\..\\windows\\win.ini", "/?f=php://input")]
    public void Two_different_exploits_are_enough_however_they_are_encoded(string first, string second)
    {
        var traffic = new Traffic();
        traffic.Request(Prober, $"GET {first} HTTP/1.1\r\n\r\n");
        Assert.Empty(traffic.Decisions);
        traffic.Request(Prober, $"GET {second} HTTP/1.1\r\n\r\n");
        Assert.Equal([Verdict.Drop], traffic.Verdicts);
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
        Assert.Empty(traffic.Recorded);
    }
}
