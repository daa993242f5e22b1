using System.Globalization;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Outbound;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior.Outbound;

public sealed class BeaconTests
{
    private const string Host = "192.0.2.50";
    private const string Master = "203.0.113.99";

    [Theory]
    [InlineData(5, 0.0, 0.0, 1)]
    [InlineData(30, 0.1, 0.1, 1)]
    [InlineData(45, 0.0, 0.0, 1)]
    [InlineData(60, 0.3, 0.0, 1)]
    [InlineData(60, 0.3, 0.3, 1)]
    [InlineData(60, 0.3, 0.3, 3)]
    [InlineData(300, 0.2, 0.3, 1)]
    [InlineData(600, 0.1, 0.1, 1)]
    public void Check_ins_are_found_whatever_their_period_jitter_and_loss(double period, double jitter, double loss, int connections)
    {
        int found = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            found += Play(seed, period, jitter, loss, connections).Told("beacon").Any() ? 1 : 0;
        }

        Assert.InRange(found, 19, 20);
    }

    [Fact]
    public void How_long_check_ins_take_tips_the_balance_and_no_more()
    {
        Random dice = new(7);
        uint[] starts = [.. Enumerable.Range(0, 40).Select(i => (uint)((i * 60_000) + dice.Next(12_000)))];
        ushort[] sizes = [.. Enumerable.Repeat((ushort)400, 24)];
        int unknown = BeaconMeasure.Measure(starts, sizes, new ushort[24]).Score;
        int alike = BeaconMeasure.Measure(starts, sizes, [.. Enumerable.Repeat((ushort)150, 24)]).Score;
        int apart = BeaconMeasure.Measure(starts, sizes, [.. Enumerable.Range(0, 24).Select(i => (ushort)(i % 2 == 0 ? 1 : 9000 + i))]).Score;
        Assert.Equal((25, true), (alike - unknown, apart < unknown));
        Assert.InRange(unknown - apart, 1, 25);
    }

    [Fact]
    public void The_duration_of_a_flow_is_that_of_the_kernel()
    {
        var even = new Traffic();
        var uneven = new Traffic();
        Assert.True(Score(even, _ => 1.5) > Score(uneven, i => 0.5 + (29 * (i % 3))));
    }

    [Fact]
    public void A_beacon_is_told_and_nobody_is_blocked_for_it()
    {
        Traffic traffic = Play(1, 60, 0.1, 0, 1);
        Evidence told = Assert.Single(traffic.Told("beacon"));
        Assert.Equal(Address.Parse(Host), told.Source);
        Assert.Contains(Master, told.Detail, StringComparison.Ordinal);
        Assert.Empty(traffic.Decisions);
    }

    [Theory]
    [InlineData(OutboundResponse.Drop, Verdict.Drop)]
    [InlineData(OutboundResponse.RateLimit, Verdict.RateLimit)]
    public void Where_the_operator_wants_it_the_outside_end_is_acted_on_and_never_the_host(OutboundResponse response, Verdict verdict)
    {
        Traffic traffic = Play(1, 60, 0.1, 0, 1, new DetectionOptions { OutboundVerdict = response });
        DecisionRequest decision = Assert.Single(traffic.Decisions);
        Assert.Equal((Prefix.Host(Address.Parse(Master)), verdict), (decision.Scope, decision.Verdict));
        Assert.Equal(EvidenceClass.Handshake, decision.Evidence[0].Class);
    }

    // Gaps in two humps, one twice the other, as a remote-control program in a labelled capture had them: its coefficient of variation is 0.34.
    [Fact]
    public void Fast_check_ins_in_two_humps_are_found_within_a_minute()
    {
        var traffic = new Traffic();
        Random dice = new(4);
        ulong start = traffic.Now;
        while (traffic.Now - start < 60_000_000_000UL)
        {
            traffic.Wait((dice.Next(3) == 0 ? 1.08 : 0.53) + (0.03 * dice.NextDouble())).CheckIn(Host, Master, 2404);
        }

        Assert.Single(traffic.Told("beacon"));
    }

    [Fact]
    public void A_question_that_waits_a_minute_for_news_and_is_asked_again_is_none()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 200; i++)
        {
            traffic.Send(EventKind.FlowOpen, Master, 30_000 + i, Host, Traffic.Tcp, 443, direction: FlowDirection.Outbound);
            traffic.Wait(60).Send(EventKind.FlowClosed, Master, 30_000 + i, Host, Traffic.Tcp, 443, flags: 0x11, bytesOut: 900, bytesIn: 4000, direction: FlowDirection.Outbound);
            traffic.Wait(0.2);
        }

        Assert.Empty(traffic.Told("beacon"));
    }

    [Fact]
    public void A_job_by_the_clock_that_carries_something_else_each_time_is_none()
    {
        var traffic = new Traffic();
        Random dice = new(6);
        for (int i = 0; i < 100; i++)
        {
            traffic.Wait(3600).CheckIn(Host, Master, 22, bytesOut: (ulong)dice.Next(3000, 60_000));
        }

        Assert.Empty(traffic.Told("beacon"));
    }

    [Fact]
    public void A_destination_that_several_hosts_ask_is_a_service()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 200; i++)
        {
            traffic.Wait(10).CheckIn($"192.0.2.{50 + (i % 6)}", Master);
        }

        Assert.Empty(traffic.Told("beacon"));
    }

    [Fact]
    public void Clocks_mail_name_servers_and_what_the_operator_named_may_be_as_regular_as_they_like()
    {
        var traffic = new Traffic(new DetectionOptions { PopularDestinations = [Prefix.Parse("198.51.100.0/24")] });
        for (int i = 0; i < 300; i++)
        {
            traffic.Wait(64);
            traffic.Send(EventKind.FlowOpen, "129.6.15.28", 40_000 + i, Host, Traffic.Udp, 123, direction: FlowDirection.Outbound);
            traffic.Send(EventKind.FlowOpen, "9.9.9.9", 40_000 + i, Host, Traffic.Udp, 53, direction: FlowDirection.Outbound);
            traffic.CheckIn(Host, "203.0.113.25", 993);
            traffic.CheckIn(Host, "198.51.100.8", 443);
        }

        Assert.Empty(traffic.Recorded);
    }

    [Fact]
    public void An_updater_that_looks_every_hour_for_a_day_is_not_told()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var traffic = new Traffic();
            Random dice = new(seed);
            for (int i = 0; i < 19; i++)
            {
                traffic.Wait(3600 * (0.9 + (0.2 * dice.NextDouble()))).CheckIn(Host, Master, bytesIn: dice.Next(6) == 0 ? 4_000_000u : 900u);
            }

            Assert.Empty(traffic.Recorded);
        }
    }

    // 1,000 s after midnight it is 16:40; cron begins as a minute does, and takes a moment.
    [Theory]
    [InlineData(20, 300.0, 0.6, false)]
    [InlineData(20, 600.0, 2.0, false)]
    [InlineData(20, 60.0, 0.0, true)]
    [InlineData(0, 300.0, 0.6, true)]
    [InlineData(20, 300.4, 0.1, true)]
    [InlineData(20, 300.0, 60.0, true)]
    public void A_job_that_keeps_the_minutes_of_the_clock_is_no_check_in_and_one_that_sleeps_is(double first, double period, double late, bool isTold)
    {
        var traffic = new Traffic();
        Random dice = new(9);
        traffic.Wait(first);
        for (int i = 0; i < 100; i++)
        {
            double moment = late * dice.NextDouble();
            traffic.Wait(moment).CheckIn(Host, Master);
            traffic.Wait(period - moment);
        }

        Assert.Equal(isTold, traffic.Told("beacon").Any());
    }

    [Fact]
    public void A_program_whose_server_is_down_and_that_tries_again_by_the_clock_checks_in_with_nobody()
    {
        var traffic = new Traffic();
        Random dice = new(3);
        for (int i = 0; i < 200; i++)
        {
            traffic.Wait(-60 * Math.Log(1 - dice.NextDouble())).CheckIn(Host, Master, 5672, bytesOut: (ulong)dice.Next(300, 9000));
        }

        Assert.Empty(traffic.Told("beacon"));
        for (int i = 0; i < 200; i++)
        {
            traffic.Wait(15).TryOutside(Host, Master, 5672, refused: i % 2 == 0);
        }

        Assert.Empty(traffic.Told("beacon"));
        for (int i = 0; i < 200; i++)
        {
            traffic.Wait(15).CheckIn(Host, Master, 5672);
        }

        Assert.NotEmpty(traffic.Told("beacon"));
    }

    [Fact]
    public void Who_knocks_by_the_clock_at_a_door_that_nobody_runs_is_told_though_nobody_opens()
    {
        // As Remcos does at a master that is gone, about twice a second and once in two seconds.
        var traffic = new Traffic();
        for (int i = 0; i < 60; i++)
        {
            traffic.Wait(i % 2 == 0 ? 0.53 : 1.6).TryOutside(Host, Master, 5888, refused: true);
        }

        Assert.Single(traffic.Told("beacon"));
    }

    [Fact]
    public void What_checks_in_for_days_is_told_less_and_less_often()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 3 * 24 * 60; i++)
        {
            traffic.Wait(60).CheckIn(Host, Master);
        }

        Assert.Equal(4, traffic.Told("beacon").Count());
    }

    [Fact]
    public void A_stream_fetched_by_the_clock_is_content()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 300; i++)
        {
            traffic.Wait(6).CheckIn(Host, Master, bytesIn: 900_000);
        }

        Assert.Empty(traffic.Told("beacon"));
    }

    [Fact]
    public void People_and_chance_look_like_no_beacon()
    {
        int told = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            var traffic = new Traffic();
            Random dice = new(seed);
            for (int i = 0; i < 200; i++)
            {
                double pause = (seed % 3) switch
                {
                    0 => -90 * Math.Log(1 - dice.NextDouble()),
                    1 => 5 / Math.Pow(1 - dice.NextDouble(), 1 / 1.2),
                    _ => Math.Exp(3 + (1.2 * Normal(dice))),
                };
                traffic.Wait(pause);
                for (int c = dice.Next(1, 4); c > 0; c--)
                {
                    traffic.Wait(dice.NextDouble() * 0.4).CheckIn(Host, Master, bytesOut: (ulong)dice.Next(300, 4000));
                }
            }

            told += traffic.Told("beacon").Any() ? 1 : 0;
        }

        Assert.InRange(told, 0, 4);
    }

    [Theory]
    [InlineData(Traffic.Udp, 8443, 60, 0.2)]
    [InlineData(Traffic.Udp, 8443, 10, 0.2)]
    [InlineData(Traffic.Udp, 443, 300, 0.4)]
    [InlineData(Traffic.Icmp, 0, 60, 0.2)]
    public void Check_ins_over_one_pair_of_ports_and_by_ping_are_found_when_they_tremble(byte protocol, int port, double period, double jitter)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Evidence[] told = [.. Whisper(seed, protocol, port, period, jitter, 90).Told("beacon")];
            Assert.NotEmpty(told);
            Assert.All(told, e => Assert.Equal(EvidenceClass.Spoofable, e.Class));
        }
    }

    [Theory]
    [InlineData(Traffic.Udp, 51821, 25, 0.01)]
    [InlineData(Traffic.Udp, 5060, 55, 0.3)]
    [InlineData(Traffic.Udp, 443, 15, 0.02)]
    [InlineData(Traffic.Icmp, 0, 60, 0.01)]
    public void Keep_alives_registrations_and_monitors_pings_are_as_exact_as_timers_and_none(byte protocol, int port, double period, double jitter)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Assert.Empty(Whisper(seed, protocol, port, period, jitter, 90).Recorded);
        }
    }

    [Fact]
    public void A_tunnel_between_offices_that_carries_work_and_keeps_alive_is_none()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var traffic = new Traffic();
            Random dice = new(seed);
            ulong said = 0;
            for (int i = 0; i < 300; i++)
            {
                said += dice.Next(3) == 0 ? (ulong)dice.Next(200, 200_000) : 32u;
                traffic.Wait(dice.Next(3) == 0 ? 5 + (20 * dice.NextDouble()) : 25).Wake(Host, Master, Traffic.Udp, 51821, said);
            }

            Assert.Empty(traffic.Recorded);
        }
    }

    private static Traffic Whisper(int seed, byte protocol, int port, double period, double jitter, int times)
    {
        var traffic = new Traffic();
        Random dice = new(seed);
        for (int i = 1; i <= times; i++)
        {
            traffic.Wait(period * (1 + (jitter * ((2 * dice.NextDouble()) - 1)))).Wake(Host, Master, protocol, port, (ulong)i * 90);
        }

        return traffic;
    }

    private static double Normal(Random dice) => Math.Sqrt(-2 * Math.Log(1 - dice.NextDouble())) * Math.Cos(2 * Math.PI * dice.NextDouble());

    private static Traffic Play(int seed, double period, double jitter, double loss, int connections, DetectionOptions? options = null)
    {
        var traffic = new Traffic(options);
        Random dice = new(seed);
        for (int i = 0; i < 60; i++)
        {
            traffic.Wait(period * (1 + (jitter * ((2 * dice.NextDouble()) - 1))));
            for (int c = 0; dice.NextDouble() >= loss && c < connections; c++)
            {
                traffic.Wait(0.05).CheckIn(Host, Master, bytesOut: (ulong)(400 + dice.Next(20)));
            }
        }

        return traffic;
    }

    private static int Score(Traffic traffic, Func<int, double> duration)
    {
        for (int i = 0; i < 60; i++)
        {
            traffic.Wait(60);
            traffic.CheckIn(Host, Master, seconds: duration(i));
        }

        string detail = traffic.Told("beacon").First().Detail;
        int at = detail.IndexOf("score ", StringComparison.Ordinal) + 6;
        return int.Parse(detail.AsSpan(at, detail.IndexOf(' ', at) - at), CultureInfo.InvariantCulture);
    }
}
