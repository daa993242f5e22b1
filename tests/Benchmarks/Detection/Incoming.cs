using System.Text;
using Blackwall.Kernel.Tests.Packets;

namespace Blackwall.Benchmarks.Detection;

/// <summary>What comes from outside. Scanners differ in speed, order, what they send and what answers; honest crowds go on beside them.</summary>
internal static class Incoming
{
    private const string Server = "10.20.0.10";

    /// <summary>Seconds from one port to the next.</summary>
    private static readonly double[] Paces = [0.02, 0.5, 2, 10, 30, 90, 300, 900, 2400];

    /// <summary>27 scans: each pace with reset ports, silent ports, and over the hosts of the network; beside them users, monitors and a crawler.</summary>
    public static Tape Scans(int seed)
    {
        Tape tape = new(seed);
        int number = 1;
        foreach (double pace in Paces)
        {
            for (int make = 0; make < 3; make++)
            {
                (bool overHosts, bool isSilent) = (make == 2, make == 1);
                string scanner = $"{40 + number}.{tape.Dice.Next(255)}.7.{number}";
                double from = tape.Dice.NextDouble() * 3600, at = from;
                int count = pace < 5 ? 120 : pace < 400 ? 60 : 40;
                for (int i = 0; i < count; i++, at += pace * (0.6 + (0.8 * tape.Dice.NextDouble())))
                {
                    int port = overHosts ? 5900 : 1 + (i * 7919 % 64_000);
                    string target = overHosts ? $"10.20.0.{20 + i}" : Server;
                    tape.Knock(at, scanner, target, port, refused: make == 0);
                    if (isSilent)
                    {
                        tape.Knock(at + 1, scanner, target, port, refused: false);
                    }
                }

                tape.Guilty(scanner, from, "port-scan", "slow-port-scan");
                number++;
            }
        }

        Users(tape, 24 * 3600);
        return tape;
    }

    /// <summary>Four networks whose addresses share a scan out among them, none trying more than four ports in a day.</summary>
    public static Tape Shared(int seed)
    {
        Tape tape = new(seed);
        for (int network = 0; network < 4; network++)
        {
            double pace = 60 * (1 + (4 * network));
            for (int i = 0; i < 60; i++)
            {
                string scanner = network == 3 ? $"2400:cb00:7:1::{1 + (i % 20):x}" : $"91.{200 + network}.5.{1 + (i % 20)}";
                tape.Knock(i * pace, scanner, network == 3 ? "2001:db8:20::10" : Server, 100 + (i * 131), refused: true);
            }

            for (int i = 0; i < 20; i++)
            {
                tape.Guilty(network == 3 ? $"2400:cb00:7:1::{1 + i:x}" : $"91.{200 + network}.5.{1 + i}", 0);
            }
        }

        Users(tape, 12 * 3600);
        return tape;
    }

    /// <summary>Password guessing at five services, from one try a second to one in two minutes.</summary>
    public static Tape Guessing(int seed)
    {
        Tape tape = new(seed);
        int number = 1;
        foreach (double pace in new[] { 1.0, 15, 60, 120 })
        {
            foreach ((int port, int up, int down) in new[] { (22, 1200, 1800), (21, 40, 110), (3306, 130, 190), (3389, 900, 2500), (80, 0, 900) })
            {
                string guesser = $"{100 + number}.44.9.{number}";
                for (int i = 0; i < 45; i++)
                {
                    byte[]? first = port == 80 ? Encoding.ASCII.GetBytes($"POST /wp-login.php HTTP/1.1\r\nHost: shop\r\nContent-Length: 24\r\n\r\nlog=admin&pwd=secret{i:D4}") : null;
                    double at = 10 + (i * pace * (0.7 + (0.6 * tape.Dice.NextDouble())));
                    if (port == 21)
                    {
                        Strangers.Try(tape, at, "ftp", guesser, Server, 1);
                    }
                    else if (port == 3306)
                    {
                        tape.Converse(at, guesser, Server, port, serverEnds: true, Strangers.RefusedByMySql(tape, 1));
                    }
                    else
                    {
                        tape.Talk(at, guesser, Server, port, up, down, 0.8, first: first);
                    }
                }

                tape.Guilty(guesser, 10, "brute-force");
                number++;
            }
        }

        Users(tape, 2 * 3600);
        return tape;
    }

    /// <summary>FIN, NULL and XMAS scans, one a minute.</summary>
    public static Tape Stealth(int seed)
    {
        Tape tape = new(seed);
        byte[] flags = [Frame.Fin, 0, Frame.Fin | Frame.Psh | Frame.Urg];
        for (int i = 0; i < flags.Length; i++)
        {
            string scanner = $"77.1.{i}.9";
            for (int port = 1; port <= 30; port++)
            {
                tape.Segment(port * 15, scanner, Server, 40_000, port, flags[i], 1, 0, 0);
            }

            tape.Guilty(scanner, 15, "stealth-scan");
        }

        Users(tape, 3600);
        return tape;
    }

    /// <summary>SYN, UDP and ICMP floods of single real sources, and 60,000 SYNs with invented ones: nobody of those may be blocked.</summary>
    public static Tape Floods(int seed)
    {
        Tape tape = new(seed);
        for (int i = 0; i < 20_000; i++)
        {
            tape.Segment(10 + (i * 0.0005), "66.1.1.1", Server, (ushort)(1024 + i), 443, Frame.Syn, (uint)i, 0, 0);
            tape.Echo(200 + (i * 0.0005), "66.1.1.3", Server, 8, [(byte)(i >> 8), (byte)i, 0, (byte)i, 1, 2, 3, 4]);
        }

        for (int i = 0; i < 60_000; i++)
        {
            tape.Datagram(100 + (i * 0.0002), "66.1.1.2", Server, 1024 + i, 9000 + (i % 100), new byte[100]);
            tape.Segment(300 + (i * 0.0002), $"{1 + tape.Dice.Next(220)}.{tape.Dice.Next(256)}.{tape.Dice.Next(256)}.{tape.Dice.Next(256)}", Server, (ushort)tape.Dice.Next(65_536), 443, Frame.Syn, (uint)i, 0, 0);
        }

        tape.Guilty("66.1.1.1", 10, "syn-flood");
        tape.Guilty("66.1.1.2", 100, "udp-flood");
        tape.Guilty("66.1.1.3", 200, "icmp-flood");
        Users(tape, 600);
        return tape;
    }

    /// <summary>Users of a day and nobody else: a browser with 500 connections, offices behind one address, monitors, a crawler, a CDN, somebody whose service is down.</summary>
    public static Tape Honest(int seed)
    {
        Tape tape = new(seed);
        Users(tape, 24 * 3600);
        return tape;
    }

    private static void Users(Tape tape, double until)
    {
        for (int i = 0; i < 500; i++)
        {
            tape.Talk(60 + (i * 0.01), "84.17.3.3", Server, 443, 700, 4000, 2);
        }

        for (double at = 0; at < until; at += 300)
        {
            for (int service = 0; service < 10; service++)
            {
                if (service < 3)
                {
                    tape.Knock(at + service, "84.17.4.4", Server, 8000 + service, refused: true);
                }
                else
                {
                    tape.Talk(at + service, "84.17.4.4", Server, 8000 + service, 0, 0, 0.1);
                }
            }

            for (int person = 0; person < 8; person++)
            {
                double when = at + (tape.Dice.NextDouble() * 290);
                tape.Talk(when, "84.17.5.5", $"10.20.0.{10 + tape.Dice.Next(3)}", person % 3 == 0 ? 993 : 443, 500 + tape.Dice.Next(4000), 3000 + tape.Dice.Next(9000), 3);
                tape.Talk(when + 1, $"84.17.6.{1 + tape.Dice.Next(250)}", Server, 443, 500, 5000, 1);
            }

            for (int page = 0; page < 10; page++)
            {
                byte[] request = Encoding.ASCII.GetBytes($"GET /articles/{tape.Dice.Next(5000)}.html HTTP/1.1\r\nHost: a\r\nUser-Agent: Mozilla/5.0 (compatible; Googlebot/2.1)\r\n\r\n");
                tape.Talk(at + (page * 20), "66.249.66.1", Server, 80, 0, 8000, 0.4, first: request);
            }

            tape.Knock(at + 7, "84.17.7.7", Server, 5222, refused: true);
            tape.Knock(at + 67, "84.17.7.7", Server, 5222, refused: true);
            tape.Talk(at + 9, "84.17.8.8", Server, 22, 3500, 9000, 30);
        }
    }
}
