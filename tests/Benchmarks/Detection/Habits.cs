using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Benchmarks.Detection;

/// <summary>The second family, from inside: what sixty hosts do by the clock, and what is carried away. Written without a look at the detectors.</summary>
internal static class Habits
{
    private const string Resolver = "149.112.112.112";
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";
    private const string Hex = "0123456789abcdef";
    private const int Megabyte = 1 << 20;

    /// <summary>Three kinds of pace, three of jitter, three of loss, one or three connections: 54; and two other channels.</summary>
    public static Tape CheckIns(int seed)
    {
        Tape tape = new(seed);
        int number = 0;
        foreach ((double low, double high) in new[] { (10.0, 45.0), (60.0, 400.0), (600.0, 1800.0) })
        {
            foreach (double jitter in new[] { 0, 0.1, 0.3 })
            {
                foreach (double loss in new[] { 0, 0.1, 0.3 })
                {
                    foreach (int connections in new[] { 1, 3 })
                    {
                        string inside = $"10.20.9.{++number}", outside = $"{tape.Dice.Next(60, 90)}.{tape.Dice.Next(256)}.{number}.7";
                        double period = low + ((high - low) * tape.Dice.NextDouble()), from = period * tape.Dice.NextDouble();
                        double end = low > 500 ? 86_400 : from + Math.Max(period * 60, 7200);
                        int up = tape.Dice.Next(180, 900), down = tape.Dice.Next(1200, 3500), port = tape.Dice.Next(4) == 0 ? 8443 : 443;
                        for (double at = from; at < end; at += period * (1 + (jitter * ((2 * tape.Dice.NextDouble()) - 1))))
                        {
                            for (int i = 0; i < connections && tape.Dice.NextDouble() >= (i == 0 ? loss : 0); i++)
                            {
                                tape.Talk(at + (i * (0.3 + (1.2 * tape.Dice.NextDouble()))), inside, outside, port, up + tape.Dice.Next(-8, 9), tape.Dice.Next(30) == 0 ? 20_000 : down, 0.3);
                            }
                        }

                        tape.Guilty($"{inside} {outside}", from, "beacon");
                    }
                }
            }
        }

        string poller = "10.20.9.60", server = "91.5.5.5";
        for (int i = 0; i < 150; i++)
        {
            Ask(tape, 10 + (i * 60), "10.20.9.61", $"{Word(tape, Hex, 40)}.ns1.bad-zone.net", 16);
            tape.Datagram(50 + (i * 90) + (15 * tape.Dice.NextDouble()), poller, server, tape.NextPort(), 5555, tape.Noise(90));
        }

        tape.Guilty("10.20.9.61", 0, "dns-tunnel");
        tape.Guilty($"{poller} {server}", 0, "beacon");
        Ordinary(tape);
        return tape;
    }

    /// <summary>Much at once, a little all day, shared out over five places, through names; beside what is as much, and none.</summary>
    public static Tape Leaks(int seed)
    {
        Tape tape = new(seed);
        const double start = 30 * 3600;
        for (int i = 0; i < 20; i++)
        {
            string host = $"10.20.8.{i + 1}";
            for (int hour = 0; hour < 40; hour += 2)
            {
                tape.Talk((hour * 3600) + (600 * tape.Dice.NextDouble()), host, $"151.101.{i % 4}.6", 443, tape.Dice.Next(400, 9000), tape.Dice.Next(1000, 90_000), 2);
            }
        }

        Push(tape, start, "10.20.8.1", "62.4.4.4", 112, 180, 14);
        Push(tape, 24 * 3600, "10.20.8.2", "62.4.5.5", 170, 36_000, 85);
        for (int i = 0; i < 5; i++)
        {
            Push(tape, start + (600 * tape.Dice.NextDouble()), "10.20.8.3", $"62.4.6.{i + 1}", 28, 1200, 4);
        }

        tape.Guilty("10.20.8.1 62.4.4.4", start, "exfiltration");
        tape.Guilty("10.20.8.2 62.4.5.5", 24 * 3600, "exfiltration");
        tape.Guilty("10.20.8.3", start, "exfiltration");
        for (int i = 0; i < 400; i++)
        {
            Ask(tape, i * 60, "10.20.8.10", $"{Word(tape, Base32, tape.Dice.Next(34, 52))}.q.zone8.net", 1);
            Ask(tape, i * 20, "10.20.8.11", $"{Word(tape, Base32, tape.Dice.Next(34, 52))}.slow.zone9.net", 16);
            Ask(tape, i, "10.20.8.12", $"{Word(tape, Hex, 56)}.{Word(tape, Hex, 30)}.dnscat.c2host.io", 5);
        }

        tape.Guilty("10.20.8.10", 0, "dns-tunnel");
        tape.Guilty("10.20.8.11", 0, "dns-tunnel");
        tape.Guilty("10.20.8.12", 0, "dns-tunnel");
        for (int i = 0; i < 3000; i++)
        {
            Ask(tape, i * 4, "10.20.8.15", $"{Word(tape, Hex, 32)}.avqs.mcafee.com", 1);
            Ask(tape, i * 8, "10.20.8.16", $"{Word(tape, Hex, 16)}.safeframe.googlesyndication.com", 1);
            Ask(tape, i * 8, "10.20.8.16", $"ec2-{tape.Dice.Next(256)}-{tape.Dice.Next(256)}-{tape.Dice.Next(256)}-{tape.Dice.Next(256)}.eu-west-1.compute.amazonaws.com", 1);
            Ask(tape, i * 5, "10.20.8.17", $"s{tape.Dice.Next(9)}._domainkey.dom{tape.Dice.Next(300)}.com", 16);
        }

        for (int hour = 1; hour < 40; hour += 2)
        {
            Push(tape, hour * 3600, "10.20.8.18", "62.9.9.9", 6, 200, 1);
        }

        tape.Talk(16 * 3600, "10.20.8.19", "62.9.8.8", 443, 900, 30 * Megabyte, 120);
        return tape;
    }

    // About three hundred pairs that are as regular as programs are.
    private static void Ordinary(Tape tape)
    {
        for (int host = 1; host <= 60; host++)
        {
            string inside = $"10.20.10.{host}";
            void Every(double pace, double drift, double until, string outside, int port, Func<int> up, Func<int> down, double seconds = 0.4)
            {
                for (double at = pace * tape.Dice.NextDouble(); at < until; at += pace * (1 + (drift * ((2 * tape.Dice.NextDouble()) - 1))))
                {
                    tape.Talk(at, inside, outside, port, up(), down(), seconds);
                }
            }

            Every(3600, 0.05, 86_400, $"13.107.{host % 6}.1", 443, () => 700, () => tape.Dice.Next(4) == 0 ? 60_000 : 4000);
            Every(2600, 0.8, 86_400, $"23.50.{host % 5}.1", 80, () => 260, () => 600);
            Every(600, 0.03, 40_000, $"20.189.{host % 4}.1", 443, () => tape.Dice.Next(900, 1800), () => 3400);
            if (host % 3 == 0)
            {
                Every(900, 0.01, 86_400, $"35.244.{host % 4}.1", 443, () => 310, () => tape.Dice.Next(5000, 5400));
            }

            if (host % 5 == 0)
            {
                Every(300, 0.02, 45_000, $"185.70.{host}.1", 993, () => 400, () => 3000);
                Every(3600, 0, 86_400, $"185.71.{host}.1", 22, () => tape.Dice.Next(5000, 62_000), () => tape.Dice.Next(4000, 8000));
            }

            if (host % 6 == 0)
            {
                Every(10, 0.1, 900, $"208.65.{host}.1", 443, () => 1100, () => tape.Dice.Next(40_000, 58_000));
            }

            if (host % 7 == 0)
            {
                // Waits for news: a minute, or less when there is some.
                for (double at = 0; at < 20_000;)
                {
                    double wait = tape.Dice.Next(3) == 0 ? 5 + (50 * tape.Dice.NextDouble()) : 60;
                    tape.Talk(at, inside, $"162.125.{host}.1", 443, 900, 3400, wait);
                    at += wait + 0.3;
                }
            }
        }
    }

    private static void Push(Tape tape, double from, string inside, string outside, int megabytes, double seconds, int flows)
    {
        for (int i = 0; i < flows; i++)
        {
            tape.Talk(from + (i * seconds / flows), inside, outside, 443, megabytes * (Megabyte / flows), 400, Math.Max(1, seconds / flows * 0.8));
        }
    }

    private static void Ask(Tape tape, double time, string host, string name, int type)
    {
        byte[] message = new byte[12 + name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)tape.Dice.Next(65_536));
        message[2] = 1;
        message[5] = 1;
        int at = 12;
        foreach (string label in name.Split('.'))
        {
            message[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, message.AsSpan(at));
        }

        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at + 1), (ushort)type);
        message[at + 4] = 1;
        tape.Datagram(time, host, Resolver, tape.NextPort(), 53, message);
    }

    private static string Word(Tape tape, string alphabet, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[tape.Dice.Next(alphabet.Length)]));
}
