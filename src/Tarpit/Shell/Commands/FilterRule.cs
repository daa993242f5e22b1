using System.Globalization;
using System.Net;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>A rule of the packet filter, as iptables-save writes it and as -L shows it.</summary>
internal sealed class FilterRule
{
    private static readonly string[] s_targets = ["ACCEPT", "DROP", "REJECT", "LOG", "RETURN", "MASQUERADE", "DNAT", "SNAT", "REDIRECT", "QUEUE", "NFLOG", "MARK", "TCPMSS", "CONNMARK", "NOTRACK", "TPROXY", "CT"];

    private readonly List<string> _places = [], _matches = [], _targetOptions = [];
    private string _protocol = "", _source = "", _destination = "", _in = "", _out = "", _target = "";

    private FilterRule()
    {
    }

    /// <summary>What stands behind the chain: "-s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j DROP".</summary>
    public string Text { get; private set; } = "";

    public string Target => _target;

    /// <summary>Reads the words of a rule.</summary>
    /// <param name="isKnown">Whether a chain of the visitor has this name.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static FilterRule? Read(IReadOnlyList<string> words, bool isSix, Func<string, bool> isKnown, out string? fault)
    {
        FilterRule rule = new();
        fault = null;
        string not = "";
        for (int at = 0; at < words.Count; at++)
        {
            string word = words[at];
            string? next = words.ElementAtOrDefault(at + 1);
            if (word is "!")
            {
                not = "! ";
                continue;
            }

            if (word[0] == '-' && next is null && word is not ("--syn" or "--random" or "--log-tcp-options" or "--rttl" or "--set" or "--update" or "--rcheck" or "--remove"))
            {
                fault = $"option \"{word}\" requires an argument\nTry `iptables -h' or 'iptables --help' for more information.";
                return null;
            }

            switch (word)
            {
                case "-s" or "--source" or "--src":
                    rule._source = not + Network(next!, isSix);
                    break;
                case "-d" or "--destination" or "--dst":
                    rule._destination = not + Network(next!, isSix);
                    break;
                case "-i" or "--in-interface":
                    rule._in = not + next;
                    break;
                case "-o" or "--out-interface":
                    rule._out = not + next;
                    break;
                case "-p" or "--protocol" or "--proto":
                    rule._protocol = next!.ToLowerInvariant() is "all" ? "" : not + next.ToLowerInvariant();
                    break;
                case "-j" or "--jump" or "-g" or "--goto":
                    if (!s_targets.Contains(next, StringComparer.Ordinal) && !isKnown(next!))
                    {
                        fault = $"Chain '{next}' does not exist\nTry `iptables -h' or 'iptables --help' for more information.";
                        return null;
                    }

                    rule._target = next!;
                    break;
                case "-m" or "--match":
                    rule._matches.Add("-m " + next);
                    break;
                case "-n" or "-v" or "-w" or "--wait" or "-c":
                    at -= 1;
                    break;
                case "--syn":
                    rule.Implied();
                    rule._matches.Add(not + "--tcp-flags FIN,SYN,RST,ACK SYN");
                    at -= 1;
                    break;
                case ['-', '-', ..]:
                    if (rule._target.Length > 0 && word is "--reject-with" or "--to-destination" or "--to-source" or "--to-ports" or "--log-prefix" or "--log-level" or "--set-mark" or "--to" or "--set-mss")
                    {
                        rule._targetOptions.Add($"{(word is "--to" ? "--to-destination" : word)} {Quoted(next!)}");
                        break;
                    }

                    if (word is "--dport" or "--sport" or "--destination-port" or "--source-port" or "--tcp-flags" or "--icmp-type")
                    {
                        if (rule._protocol.Length == 0)
                        {
                            fault = $"unknown option \"{word}\"\nTry `iptables -h' or 'iptables --help' for more information.";
                            return null;
                        }

                        rule.Implied();
                    }
                    else if (rule._matches.Count == 0)
                    {
                        fault = $"unknown option \"{word}\"\nTry `iptables -h' or 'iptables --help' for more information.";
                        return null;
                    }

                    string name = word switch { "--destination-port" => "--dport", "--source-port" => "--sport", _ => word };
                    rule._matches.Add($"{not}{name} {Quoted(Port(name, next!))}");
                    if (word is "--tcp-flags" && at + 2 < words.Count)
                    {
                        rule._matches[^1] += " " + words[at + 2];
                        at++;
                    }

                    break;
                default:
                    fault = word[0] == '-' ? $"unknown option \"{word}\"\nTry `iptables -h' or 'iptables --help' for more information." : $"Bad argument `{word}'\nTry `iptables -h' or 'iptables --help' for more information.";
                    return null;
            }

            not = "";
            at++;
        }

        if (rule._target is "REJECT" && rule._targetOptions.Count == 0)
        {
            rule._targetOptions.Add("--reject-with " + (isSix ? "icmp6-port-unreachable" : "icmp-port-unreachable"));
        }

        rule.Compose();
        return rule;
    }

    // -p tcp --dport 22 has the match of the protocol, told or not.
    private void Implied()
    {
        string match = "-m " + _protocol.TrimStart('!', ' ');
        if (!_matches.Contains(match, StringComparer.Ordinal) && !_matches.Contains("-m multiport", StringComparer.Ordinal))
        {
            _matches.Insert(0, match);
        }
    }

    private void Compose()
    {
        void Add(string option, string value)
        {
            if (value.Length > 0)
            {
                _places.Add(value.StartsWith("! ", StringComparison.Ordinal) ? $"! {option} {value[2..]}" : $"{option} {value}");
            }
        }

        Add("-s", _source);
        Add("-d", _destination);
        Add("-i", _in);
        Add("-o", _out);
        Add("-p", _protocol);
        Text = string.Join(' ', [.. _places, .. _matches, .. _target.Length > 0 ? (string[])["-j " + _target] : [], .. _targetOptions]);
    }

    /// <summary>A line of -L.</summary>
    public string Shown(bool isNumeric, bool isVerbose, bool isSix, int? number)
    {
        string any = isNumeric ? isSix ? "::/0" : "0.0.0.0/0" : "anywhere";
        string Place(string text) => text.Length == 0 ? any : text.Replace("! ", "!", StringComparison.Ordinal).Replace(isSix ? "/128" : "/32", "", StringComparison.Ordinal);
        string protocol = _protocol.Length == 0 ? isNumeric ? "0" : "all" : isNumeric ? _protocol switch { "tcp" => "6", "udp" => "17", "icmp" => "1", _ => _protocol } : _protocol;
        string match = string.Join(' ', _matches.Where(part => !part.StartsWith("-m ", StringComparison.Ordinal) || part is "-m tcp" or "-m udp").Select(part => part switch
        {
            "-m tcp" or "-m udp" => part[3..],
            _ when part.StartsWith("--dport ", StringComparison.Ordinal) => (part.Contains(':', StringComparison.Ordinal) ? "dpts:" : "dpt:") + Service(part[8..], isNumeric),
            _ when part.StartsWith("--sport ", StringComparison.Ordinal) => (part.Contains(':', StringComparison.Ordinal) ? "spts:" : "spt:") + Service(part[8..], isNumeric),
            _ when part.StartsWith("--dports ", StringComparison.Ordinal) => "multiport dports " + part[9..],
            _ when part.StartsWith("--state ", StringComparison.Ordinal) => "state " + part[8..],
            _ when part.StartsWith("--ctstate ", StringComparison.Ordinal) => "ctstate " + part[10..],
            _ when part.StartsWith("--comment ", StringComparison.Ordinal) => $"/* {part[10..].Trim('"')} */",
            _ => part.Replace("--", "", StringComparison.Ordinal),
        }));
        string options = string.Join(' ', _targetOptions.Select(part => part.Replace("--reject-with", "reject-with", StringComparison.Ordinal).Replace("--to-destination ", "to:", StringComparison.Ordinal).Replace("--to-source ", "to:", StringComparison.Ordinal).Replace("--to-ports", "redir ports", StringComparison.Ordinal).Replace("--", "", StringComparison.Ordinal)));
        string tail = $"{(match.Length > 0 ? " " + match : "")}{(options.Length > 0 ? " " + options : "")}";
        string line = number is { } n ? n.ToString(CultureInfo.InvariantCulture).PadRight(isVerbose ? 4 : 5) : "";
        return isVerbose
            ? $"{line}{(number is null ? "    0" : "   0")}     0 {_target,-10} {protocol,-4} {"--",-2} {(_in.Length == 0 ? isNumeric ? "*" : "any" : _in),-6} {(_out.Length == 0 ? isNumeric ? "*" : "any" : _out),-7} {Place(_source),-20} {Place(_destination),-20}{tail}\n"
            : $"{line}{_target,-10} {protocol,-4} {"--",-3} {Place(_source),-20} {Place(_destination),-20}{tail}\n";
    }

    private static string Service(string port, bool isNumeric) => isNumeric ? port : port switch { "22" => "ssh", "80" => "http", "443" => "https", "21" => "ftp", "23" => "telnet", "25" => "smtp", "53" => "domain", "3306" => "mysql", "6379" => "redis", "3389" => "ms-wbt-server", "8080" => "http-alt", _ => port };

    private static string Port(string option, string port) => option is "--dport" or "--sport" ? port switch { "ssh" => "22", "http" => "80", "https" => "443", "ftp" => "21", "telnet" => "23", "smtp" => "25", "domain" => "53", "mysql" => "3306", _ => port } : port;

    private static string Network(string text, bool isSix)
    {
        string[] parts = text.Split('/', 2);
        if (!IPAddress.TryParse(parts[0], out IPAddress? address))
        {
            return text;
        }

        int length = parts.Length == 1 ? isSix ? 128 : 32 : int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int told) ? told : parts[1].Split('.').Sum(part => int.TryParse(part, CultureInfo.InvariantCulture, out int value) ? int.PopCount(value) : 0);
        byte[] bytes = address.GetAddressBytes();
        for (int bit = Math.Clamp(length, 0, bytes.Length * 8); bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{length}");
    }

    private static string Quoted(string text) => text.Contains(' ', StringComparison.Ordinal) ? $"\"{text}\"" : text;
}
