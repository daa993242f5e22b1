using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior;

public sealed class BruteForceTests
{
    private const string Guesser = "198.51.100.9";
    private const string Program = "203.0.113.20";

    [Theory]
    [InlineData(22, 1155, 1773, SshState.Refused, "SSH")]
    [InlineData(22, 9085, 9865, SshState.Refused, "SSH")]
    [InlineData(22, 1155, 1773, SshState.None, "SSH")] // a capture without payload
    [InlineData(902, 1155, 1773, SshState.Odd, "SSH")]
    [InlineData(3389, 900, 2400, SshState.None, "RDP")]
    public void Eight_failed_logins_in_two_minutes_are_brute_force(int port, ulong bytesIn, ulong bytesOut, SshState ssh, string service)
    {
        var traffic = new Traffic();
        for (int i = 1; i <= 8; i++)
        {
            Assert.Empty(traffic.Decisions);
            traffic.Wait(1).Use(Guesser, port, remotePort: 40000 + i, bytesIn: bytesIn, bytesOut: bytesOut, ssh: ssh);
        }

        DecisionRequest drop = Assert.Single(traffic.Decisions);
        Assert.Equal(Verdict.Drop, drop.Verdict);
        Assert.Equal("brute-force", drop.Reason);
        Assert.Equal(EvidenceClass.Handshake, drop.Evidence[0].Class);
        Assert.StartsWith($"tried 8 logins at {service} in ", drop.Evidence[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void One_try_in_two_minutes_is_found_within_the_hour()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 29; i++)
        {
            traffic.Wait(120).Use(Guesser, 22, remotePort: 40000 + i, bytesIn: 1155, bytesOut: 1773, ssh: SshState.Refused);
        }

        Assert.Equal([Verdict.Drop], traffic.Verdicts.Take(1));
        Assert.Contains("20 logins at SSH", traffic.Decisions[0].Evidence[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_who_logs_in_over_and_over_is_none()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 500; i++)
        {
            traffic.Wait(1).Use("203.0.113.20", 22, remotePort: 40000 + i, bytesIn: 3441, bytesOut: 3705, ssh: SshState.In);
        }

        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void A_user_who_forgot_his_password_gets_seven_tries()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 7; i++)
        {
            traffic.Wait(5).Use("203.0.113.20", 22, remotePort: 40000 + i, bytesIn: 3085, bytesOut: 2865, ssh: SshState.Refused);
        }

        traffic.Wait(5).Use("203.0.113.20", 22, remotePort: 50000, bytesIn: 30_000, bytesOut: 50_000, seconds: 600, ssh: SshState.In);
        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void A_monitor_that_reads_the_banner_every_ten_seconds_is_none()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 1000; i++)
        {
            traffic.Wait(10).Use("203.0.113.21", 22, remotePort: 30000 + i, bytesIn: 0, bytesOut: 40);
        }

        Assert.Empty(traffic.Decisions);
    }

    [Theory]
    [InlineData(22, 25, 1153, SshState.Clear)] // check_ssh, measured
    [InlineData(22, 41, 1153, SshState.Clear)] // ssh-keyscan that goes away at the greeting, measured
    [InlineData(22, 1500, 1900, SshState.Sealed)] // exchanges keys and leaves: the host's key was not the one that is known
    [InlineData(22, 2500, 2900, SshState.Asking)]
    [InlineData(2222, 2500, 2900, SshState.Lost)]
    [InlineData(3389, 43, 19, SshState.None)] // asks for the protocol
    [InlineData(5900, 12, 16, SshState.None)] // says its version
    [InlineData(21, 6, 34, SshState.None)] // QUIT
    public void A_monitor_that_greets_back_and_leaves_is_none_and_no_user_either(int port, ulong bytesIn, ulong bytesOut, SshState ssh)
    {
        var traffic = new Traffic();
        for (int i = 0; i < 300; i++)
        {
            traffic.Wait(5).Use(Program, port, remotePort: 30000 + (i % 100), bytesIn: bytesIn, bytesOut: bytesOut, ssh: ssh);
        }

        Assert.Empty(traffic.Decisions);
        Assert.DoesNotContain(traffic.Recorded, e => string.Equals(e.Kind, "brute-force", StringComparison.Ordinal));
    }

    [Fact]
    public void Short_sessions_over_ftp_are_no_failures()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 100; i++)
        {
            traffic.Wait(2).Use(Program, 21, remotePort: 30000 + i, bytesIn: 70, bytesOut: 330);
        }

        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void Small_answers_of_a_web_server_are_no_failed_logins()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 500; i++)
        {
            traffic.Wait(0.5).Use("203.0.113.22", 443, remotePort: 30000 + i, bytesIn: 500, bytesOut: 200);
        }

        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void Guessing_at_ssh_is_found_at_any_port_by_what_the_server_speaks()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 10; i++)
        {
            traffic.Wait(1).Use(Guesser, 902, remotePort: 40_000 + i, bytesIn: 1744, bytesOut: 1839, ssh: SshState.Refused);
        }

        Assert.Equal([Verdict.Drop], traffic.Verdicts.Take(1));
        Assert.Contains("tried 8 logins at SSH", traffic.Decisions[0].Evidence[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_successful_sessions_however_short_are_none()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 200; i++)
        {
            // curve25519 and an ed25519 key: less than a refusal takes with larger ones.
            traffic.Wait(1).Use(Program, 22, remotePort: 40_000 + i, bytesIn: 2100, bytesOut: 2400, ssh: SshState.In);
        }

        Assert.Empty(traffic.Decisions);
        Assert.DoesNotContain(traffic.Recorded, e => e.Kind is "brute-force");
    }

    [Fact]
    public void Guesses_do_not_make_the_guesser_a_user_of_standing()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 7; i++)
        {
            traffic.Wait(1).Use(Guesser, 22, remotePort: 40000 + i, bytesIn: 1155, bytesOut: 1773, ssh: SshState.Refused);
        }

        Assert.Equal(0, traffic.Stage.Describe(Address.Parse(Guesser))!.Uses);
        traffic.Wait(1).Use(Guesser, 22, remotePort: 40007, bytesIn: 1155, bytesOut: 1773, ssh: SshState.Refused);
        Assert.Equal([Verdict.Drop], traffic.Verdicts);
    }

    [Fact]
    public void Posting_a_login_form_over_and_over_is_brute_force_and_a_few_times_is_not()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 19; i++)
        {
            traffic.Wait(1).Request(Guesser, "POST /wp-login.php HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        Assert.Empty(traffic.Decisions);
        traffic.Wait(1).Request(Guesser, "POST /wp-login.php HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("brute-force", Assert.Single(traffic.Decisions).Reason);
        Assert.Equal(EvidenceClass.Application, traffic.Decisions[0].Evidence[0].Class);
    }

    [Fact]
    public void An_office_of_which_thirty_log_in_within_two_minutes_while_they_browse_is_none()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 30; i++)
        {
            traffic.Wait(1).Request(Program, "POST /login HTTP/1.1\r\nHost: a\r\n\r\n", remotePort: 40000 + i);
            for (int page = 0; page < 4; page++)
            {
                traffic.Wait(0.3).Request(Program, $"GET /article/{i}/{page} HTTP/1.1\r\nHost: a\r\n\r\n", remotePort: 40000 + i);
            }
        }

        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void The_form_that_is_fetched_before_each_guess_is_no_browsing()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 20; i++)
        {
            foreach (string thing in (string[])["login", "style.css", "logo.png", "app.js", "icon.png"])
            {
                traffic.Wait(0.2).Request(Guesser, $"GET /{thing} HTTP/1.1\r\nHost: a\r\n\r\n");
            }

            traffic.Wait(0.2).Request(Guesser, "POST /login HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        Assert.Equal("brute-force", Assert.Single(traffic.Decisions).Reason);
    }

    [Fact]
    public void A_desktop_with_an_old_password_for_a_share_is_not_blocked_at_once()
    {
        var traffic = new Traffic();
        traffic.Establish(Guesser, 445);
        for (int i = 0; i < 15; i++)
        {
            Refuse(traffic.Wait(3), 445, 40000);
        }

        Assert.Empty(traffic.Decisions);
        for (int i = 0; i < 5; i++)
        {
            Refuse(traffic.Wait(3), 445, 40000);
        }

        Assert.Contains("20 logins at SMB", Assert.Single(traffic.Decisions).Evidence[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(21, "FTP")]
    [InlineData(587, "SMTP")]
    [InlineData(110, "POP3")]
    [InlineData(143, "IMAP")]
    [InlineData(3306, "MySQL")]
    [InlineData(5432, "PostgreSQL")]
    [InlineData(6379, "Redis")]
    public void Eight_logins_that_the_server_refused_are_brute_force_even_in_one_connection(int port, string service)
    {
        var traffic = new Traffic();
        traffic.Establish(Guesser, port);
        for (int i = 1; i <= 8; i++)
        {
            Assert.Empty(traffic.Decisions);
            Refuse(traffic.Wait(3), port, 40000);
        }

        DecisionRequest drop = Assert.Single(traffic.Decisions);
        Assert.Equal((Verdict.Drop, "brute-force"), (drop.Verdict, drop.Reason));
        Assert.StartsWith($"tried 8 logins at {service} in ", drop.Evidence[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Short_sessions_of_a_program_at_a_database_are_no_failures()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 500; i++)
        {
            traffic.Wait(5).Use("203.0.113.20", 3306, remotePort: 20000 + i, bytesIn: 140, bytesOut: 190);
        }

        Assert.DoesNotContain(traffic.Recorded, e => e.Kind is "brute-force");
        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void A_program_whose_short_sessions_look_like_failures_now_and_then_is_none()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 1400; i++)
        {
            traffic.Wait(60).Use("203.0.113.20", 22, remotePort: 20000 + i, bytesIn: 3400, bytesOut: 5000, ssh: i % 4 == 0 ? SshState.Refused : SshState.In);
        }

        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void Short_sessions_that_meet_by_chance_do_not_make_a_guesser_of_who_gets_in_all_day()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 500; i++)
        {
            traffic.Wait(9.5).Use(Program, 22, bytesIn: 1500, bytesOut: 4200, ssh: SshState.In, remotePort: 20_000 + i);
        }

        for (int i = 0; i < 12; i++)
        {
            traffic.Wait(9.5).Use(Program, 22, bytesIn: 1500, bytesOut: 4200, ssh: i % 3 == 2 ? SshState.In : SshState.Refused, remotePort: 30_000 + i);
        }

        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void Guesses_from_an_address_whose_others_get_in_are_found()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 200; i++)
        {
            traffic.Wait(60).Use(Program, 22, bytesIn: 9000, bytesOut: 40_000, ssh: SshState.In, remotePort: 20_000 + i);
        }

        for (int i = 0; i < 12; i++)
        {
            traffic.Wait(1).Use(Program, 22, bytesIn: 1155, bytesOut: 1773, ssh: SshState.Refused, remotePort: 30_000 + i);
        }

        Assert.Equal(["brute-force"], traffic.Decisions.Select(decision => decision.Reason));
    }

    [Fact]
    public void A_telephone_that_asks_for_mail_with_an_old_password_all_day_is_told_and_not_blocked()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 140; i++)
        {
            Refuse(traffic.Wait(600), 143, 20000 + i);
        }

        Assert.Contains(traffic.Recorded, e => e.Kind is "brute-force");
        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void Connections_to_a_database_on_which_nobody_logs_in_do_not_excuse_the_guesses_beside_them()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 8; i++)
        {
            Refuse(traffic.Wait(1), 3306, 20_000 + i);
            traffic.Use(Guesser, 3306, remotePort: 30_000 + i, bytesIn: 40, bytesOut: 110);
        }

        Assert.Equal(["brute-force"], traffic.Decisions.Select(decision => decision.Reason));
    }

    private static void Refuse(Traffic traffic, int port, int remotePort) => traffic.Send(EventKind.LoginRefused, Guesser, port, Traffic.Server, Traffic.Tcp, remotePort, flags: 0x18);
}
