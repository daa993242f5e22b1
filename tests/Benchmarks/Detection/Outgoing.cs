namespace Blackwall.Benchmarks.Detection;

/// <summary>What hosts inside do outside. Made without a look at what the detectors suppose: sleeps add up, clocks drift, people pause.</summary>
internal static class Outgoing
{
    /// <summary>54 programs that check in: periods, jitter, loss and connections a check-in in all mixtures, from hosts that do other things too.</summary>
    public static Tape Beacons(int seed)
    {
        Tape tape = new(seed);
        int host = 1;
        foreach (double period in new[] { 30.0, 60, 300 })
        {
            foreach (double jitter in new[] { 0, 0.1, 0.3 })
            {
                foreach (double loss in new[] { 0, 0.1, 0.3 })
                {
                    foreach (int connections in new[] { 1, 3 })
                    {
                        string inside = $"10.20.1.{host}", outside = $"93.{184 + (host % 50)}.{host}.{10 + tape.Dice.Next(200)}";
                        CheckIn(tape, inside, outside, period, jitter, loss, connections);
                        Browse(tape, inside, 20, 3600);
                        tape.Guilty($"{inside} {outside}", 60, "beacon");
                        host++;
                    }
                }
            }
        }

        return tape;
    }

    /// <summary>About 700 pairs of ordinary programs and people, many of them as regular as a clock.</summary>
    public static Tape Ordinary(int seed)
    {
        Tape tape = new(seed);
        const double day = 6 * 3600;
        for (int host = 1; host <= 40; host++)
        {
            string inside = $"10.20.2.{host}";
            Browse(tape, inside, 10, day);
            Every(tape, inside, "129.6.15.28", 123, 64, 0.001, day, udp: true);
            Every(tape, inside, $"151.101.{host % 4}.6", 443, 1800 + (host % 3 * 1800), 0.2, day);
            Every(tape, inside, "52.96.10.10", 993, 300, 0.02, day);
            Every(tape, inside, $"104.16.{host % 6}.9", 443, 60, 0.01, day);
            if (host % 4 == 0)
            {
                Stream(tape, inside, $"23.246.{host}.7", day);
            }

            if (host % 3 == 0)
            {
                Chat(tape, inside, $"149.154.{host}.40", day);
            }

            if (host % 10 == 0)
            {
                Wander(tape, inside, $"77.88.{host}.5", day);
            }
        }

        return tape;
    }

    /// <summary>One host sends 160 MB to a stranger within half an hour; others back up each day, call, and upload photographs.</summary>
    public static Tape Exfiltration(int seed)
    {
        Tape tape = new(seed);
        const double day = 86_400;
        for (int i = 0; i < 4; i++)
        {
            Upload(tape, "10.20.3.1", "198.18.0.9", (i * day) + 7200, 60);
            Upload(tape, $"10.20.3.{10 + i}", "142.250.1.1", (i * 5000) + 9000, 20);
        }

        Upload(tape, "10.20.3.77", "45.9.148.10", (2 * day) + 3000, 160);
        tape.Guilty("10.20.3.77 45.9.148.10", (2 * day) + 3000, "exfiltration");
        for (int i = 0; i < 60; i++)
        {
            Browse(tape, $"10.20.3.{100 + i}", 3, 3600);
        }

        return tape;
    }

    /// <summary>A worm, a vertical scan and a sweep from inside; a peer-to-peer program and a crawler beside them.</summary>
    public static Tape Scans(int seed)
    {
        Tape tape = new(seed);
        for (int i = 0; i < 300; i++)
        {
            tape.Knock(i * 0.4, "10.20.4.1", $"{20 + tape.Dice.Next(180)}.{tape.Dice.Next(255)}.{tape.Dice.Next(255)}.{1 + tape.Dice.Next(250)}", tape.Dice.Next(10) < 7 ? 23 : tape.Dice.Next(65_535), refused: tape.Dice.Next(8) == 0);
            tape.Knock(i * 0.3, "10.20.4.2", "45.33.32.156", 1 + (i * 211 % 65_000), refused: true);
            tape.Knock(i * 0.5, "10.20.4.3", $"46.4.{i / 200}.{1 + (i % 200)}", 8443, refused: false);
        }

        for (int i = 0; i < 400; i++)
        {
            string peer = $"{20 + tape.Dice.Next(180)}.{tape.Dice.Next(255)}.{tape.Dice.Next(255)}.{1 + tape.Dice.Next(250)}";
            int port = 1024 + tape.Dice.Next(60_000);
            if (tape.Dice.Next(3) == 0)
            {
                tape.Talk(i * 0.7, "10.20.4.50", peer, port, 3000, 20_000, 5);
            }
            else
            {
                tape.Knock(i * 0.7, "10.20.4.50", peer, port, refused: tape.Dice.Next(2) == 0);
            }

            tape.Talk(i * 0.2, "10.20.4.51", $"{60 + (i % 90)}.{i % 200}.7.8", 443, 500, 5000, 0.2);
        }

        tape.Guilty("10.20.4.1", 0, "outbound-scan");
        tape.Guilty("10.20.4.2", 0, "outbound-scan");
        tape.Guilty("10.20.4.3", 0, "outbound-scan");
        return tape;
    }

    private static void CheckIn(Tape tape, string inside, string outside, double period, double jitter, double loss, int connections)
    {
        int size = 200 + tape.Dice.Next(600);
        double at = 60 + (tape.Dice.NextDouble() * period);
        for (int i = 0; i < 90; i++)
        {
            if (tape.Dice.NextDouble() >= loss)
            {
                for (int c = 0; c < connections; c++)
                {
                    tape.Talk(at + (c * (0.05 + (tape.Dice.NextDouble() * 0.8))), inside, outside, 443, size + tape.Dice.Next(30), 300 + tape.Dice.Next(400), 0.3);
                }
            }

            at += period * (1 + (jitter * ((2 * tape.Dice.NextDouble()) - 1)));
        }
    }

    private static void Every(Tape tape, string inside, string outside, int port, double period, double jitter, double until, bool udp = false)
    {
        for (double at = tape.Dice.NextDouble() * period; at < until; at += period * (1 + (jitter * ((2 * tape.Dice.NextDouble()) - 1))))
        {
            if (udp)
            {
                ushort from = tape.NextPort();
                tape.Datagram(at, inside, outside, from, port, new byte[48]);
                tape.Datagram(at + 0.02, outside, inside, port, from, new byte[48]);
            }
            else
            {
                tape.Talk(at, inside, outside, port, 400, tape.Dice.Next(20) == 0 ? 60_000 : 900, 0.3);
            }
        }
    }

    // Pages in bursts, with the heavy-tailed pauses of people.
    private static void Browse(Tape tape, string inside, int sites, double until)
    {
        for (double at = tape.Dice.NextDouble() * 120; at < until; at += 2 + (8 / Math.Pow(1 - tape.Dice.NextDouble(), 1 / 1.1)))
        {
            string site = $"{90 + tape.Dice.Next(20)}.{tape.Dice.Next(sites)}.{inside.Length}.{10 + tape.Dice.Next(3)}";
            for (int c = tape.Dice.Next(1, 6); c > 0; c--)
            {
                tape.Talk(at + (tape.Dice.NextDouble() * 2), inside, site, 443, tape.Dice.Next(300, 3000), tape.Dice.Next(300, 5000), 0.2 + tape.Dice.NextDouble());
            }
        }
    }

    private static void Stream(Tape tape, string inside, string outside, double until)
    {
        double begin = tape.Dice.NextDouble() * until / 2;
        for (int i = 0; i < 150; i++)
        {
            tape.Talk(begin + (i * 6.0) + (tape.Dice.NextDouble() * 0.4), inside, outside, 443, 700, 70_000 + tape.Dice.Next(60_000), 1.5);
        }
    }

    // A long poll: it returns when somebody writes, or after a minute.
    private static void Chat(Tape tape, string inside, string outside, double until)
    {
        double at = tape.Dice.NextDouble() * 60;
        while (at < until)
        {
            double wait = Math.Min(55, -20 * Math.Log(1 - tape.Dice.NextDouble()));
            tape.Talk(at, inside, outside, 443, 300 + tape.Dice.Next(900), 200 + tape.Dice.Next(3000), wait);
            at += wait + 0.1;
        }
    }

    // Somebody looks at one page again and again.
    private static void Wander(Tape tape, string inside, string outside, double until)
    {
        for (double at = 0; at < until; at += -240 * Math.Log(1 - tape.Dice.NextDouble()))
        {
            tape.Talk(at, inside, outside, 443, tape.Dice.Next(400, 900), tape.Dice.Next(2000, 9000), 1);
        }
    }

    private static void Upload(Tape tape, string inside, string outside, double from, int megabytes)
    {
        for (int i = 0; i < 4; i++)
        {
            tape.Talk(from + (i * 400), inside, outside, 443, megabytes * (1 << 20) / 4, 40_000, 300);
        }
    }
}
