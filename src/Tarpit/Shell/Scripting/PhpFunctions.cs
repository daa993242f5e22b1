using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>Functions and constants that only PHP has.</summary>
internal static class PhpFunctions
{
    public static bool TryCall(ScriptMachine machine, string name, List<object?> values, string first, out object? result)
    {
        ShellState state = machine.Call.State;
        string At(int n) => machine.Text(values.ElementAtOrDefault(n));
        World.Machine world = machine.Call.Machine;
        Node? Node() => state.Files.Find(state.Path(first));
        object? Print(Action<StringBuilder> write)
        {
            write(machine.Output);
            return true;
        }

        result = name.TrimStart('\\') switch
        {
            "true" or "TRUE" => true,
            "false" or "FALSE" => false,
            "null" or "NULL" => null,
            "PHP_EOL" => "\n",
            "PHP_VERSION" or "phpversion" => "8.3.6",
            "PHP_OS" or "PHP_OS_FAMILY" => "Linux",
            "DIRECTORY_SEPARATOR" => "/",
            "PHP_INT_MAX" => 9223372036854775807.0,
            "M_PI" => Math.PI,
            "php_uname" => first switch { "s" => "Linux", "n" => state.Visit.Memory.HostName, "r" => world.Kernel, "v" => world.KernelBuild, "m" => "x86_64", _ => $"Linux {state.Visit.Memory.HostName} {world.Kernel} {world.KernelBuild} x86_64" },
            "php_sapi_name" or "PHP_SAPI" => "cli",
            "sys_get_temp_dir" => "/tmp",
            "getmyuid" or "posix_getuid" or "posix_geteuid" => (double)state.Visit.UserId,
            "trim" => first.Trim(),
            "ltrim" => first.TrimStart(),
            "rtrim" or "chop" => first.TrimEnd(),
            "explode" => new List<object?>(At(1).Split(first.Length == 0 ? " " : first)),
            "str_split" => new List<object?>(first.Chunk(Math.Max(1, (int)ScriptValues.Real(values.ElementAtOrDefault(1) ?? 1.0))).Select(part => (object?)new string(part))),
            "str_replace" => At(2).Replace(first.Length == 0 ? "\0" : first, At(1), StringComparison.Ordinal),
            "str_rot13" => string.Concat(first.Select(c => char.IsAsciiLetter(c) ? (char)((((c | 32) - 'a' + 13) % 26) + (char.IsUpper(c) ? 'A' : 'a')) : c)),
            "bin2hex" => Convert.ToHexStringLower(Encoding.Latin1.GetBytes(first)),
            "hex2bin" => first.Length % 2 == 0 && first.All(char.IsAsciiHexDigit) ? Encoding.Latin1.GetString(Convert.FromHexString(first)) : false,
            "dechex" => ((long)ScriptValues.Real(first)).ToString("x", CultureInfo.InvariantCulture),
            "urlencode" or "rawurlencode" => Uri.EscapeDataString(first),
            "urldecode" or "rawurldecode" => Uri.UnescapeDataString(first),
            "max" => values.Count == 1 ? ScriptText.Parts(values[0]).MaxBy(ScriptValues.Real) : values.MaxBy(ScriptValues.Real),
            "min" => values.Count == 1 ? ScriptText.Parts(values[0]).MinBy(ScriptValues.Real) : values.MinBy(ScriptValues.Real),
            "round" => Math.Round(ScriptValues.Real(first), (int)Math.Clamp(ScriptValues.Real(values.ElementAtOrDefault(1)), 0, 15), MidpointRounding.AwayFromZero),
            "range" => new List<object?>(Enumerable.Range((int)ScriptValues.Real(first), (int)Math.Clamp(ScriptValues.Real(values.ElementAtOrDefault(1)) - ScriptValues.Real(first) + 1, 0, 100_000)).Select(n => (object?)(double)n)),
            "array_sum" => ScriptText.Parts(values.ElementAtOrDefault(0)).Sum(ScriptValues.Real),
            "array_keys" => values.ElementAtOrDefault(0) is OrderedDictionary<string, object?> keyed ? new List<object?>(keyed.Keys) : new List<object?>(Enumerable.Range(0, ScriptText.Parts(values.ElementAtOrDefault(0)).Count()).Select(n => (object?)(double)n)),
            "array_values" or "array_reverse" => new List<object?>(name is "array_reverse" ? ScriptText.Parts(values.ElementAtOrDefault(0)).Reverse() : ScriptText.Parts(values.ElementAtOrDefault(0))),
            "in_array" => ScriptText.Parts(values.ElementAtOrDefault(1)).Any(part => string.Equals(machine.Text(part), first, StringComparison.Ordinal)),
            "is_array" => values.ElementAtOrDefault(0) is List<object?> or OrderedDictionary<string, object?>,
            "is_string" => values.ElementAtOrDefault(0) is string,
            "is_numeric" => ScriptValues.IsNumeric(values.ElementAtOrDefault(0)),
            "function_exists" => first is "system" or "exec" or "shell_exec" or "passthru" or "eval" or "popen" or "proc_open" or "fsockopen" or "file_get_contents" or "curl_init",
            "getenv" => state.Find(first) is { } value && state.Exported.Contains(first, StringComparer.Ordinal) ? value : false,
            "ini_get" => first is "disable_functions" or "open_basedir" ? "" : first is "memory_limit" ? "-1" : false,
            "ini_set" or "set_time_limit" or "error_reporting" or "ignore_user_abort" or "ob_start" or "flush" or "posix_setsid" or "fclose" or "pclose" => true,
            "date" => Date(first, world.Now),
            "microtime" => (world.Now - DateTimeOffset.UnixEpoch).TotalSeconds,
            "uniqid" => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(7))[..13],
            "file_exists" => Node() is not null,
            "is_file" => Node() is FileNode,
            "is_dir" => Node() is FolderNode,
            "is_readable" => Node() is { } readable && Access.MayRead(readable, state.Visit.UserId),
            "is_writable" => Node() is { } writable && Access.MayWrite(writable, state.Visit.UserId),
            "filesize" => Node() is FileNode sized ? (double)sized.Content.Size : false,
            "file_get_contents" or "readfile" => Contents(machine, name, first),
            "file_put_contents" => Connections.Saving.Save(machine.Call, first, Encoding.Latin1.GetBytes((ScriptValues.Real(values.ElementAtOrDefault(2)) is 8 && Contents(machine, "", first) is string before ? before : "") + At(1))) is null ? (double)At(1).Length : false,
            "unlink" => Node() is FileNode && state.Files.Remove(state.Path(first)) is FileError.None,
            "scandir" => Node() is FolderNode folder ? new List<object?>([".", "..", .. folder.Entries.Keys]) : false,
            "FILE_APPEND" => 8.0,
            "json_encode" => Json(values.ElementAtOrDefault(0), machine),
            "print_r" => ScriptValues.IsTrue(values.ElementAtOrDefault(1)) ? Shown(values[0], machine, 0) : Print(output => output.Append(Shown(values.ElementAtOrDefault(0), machine, 0))),
            "var_dump" => Print(output => output.Append(string.Concat(values.Select(value => Dumped(value, 0))))),
            "(int)" => Math.Truncate(ScriptValues.Real(first)),
            "(float)" => ScriptValues.Real(first),
            "(string)" => first,
            "(bool)" => ScriptValues.IsTrue(values.ElementAtOrDefault(0)),
            _ => machine,
        };
        return !ReferenceEquals(result, machine);
    }

    private static object Contents(ScriptMachine machine, string name, string file)
    {
        file = file is "php://stdin" ? "/dev/stdin" : file.StartsWith("file://", StringComparison.Ordinal) ? file[7..] : file;
        if (file.Contains("://", StringComparison.Ordinal) || machine.Call.Read(file, out byte[] content) is not FileError.None)
        {
            if (file.Contains("://", StringComparison.Ordinal))
            {
                machine.Call.State.Log.Record(new Recording.Observation(Recording.ObservationKinds.Download) { Name = "php", Text = file });
            }

            return false;
        }

        string text = Encoding.Latin1.GetString(content);
        if (name is "readfile")
        {
            machine.Output.Append(text);
            return (double)text.Length;
        }

        return text;
    }

    private static string Date(string format, DateTimeOffset now) => string.Concat(format.Select(c => c switch
    {
        'Y' => now.ToString("yyyy", CultureInfo.InvariantCulture),
        'y' => now.ToString("yy", CultureInfo.InvariantCulture),
        'm' => now.ToString("MM", CultureInfo.InvariantCulture),
        'd' => now.ToString("dd", CultureInfo.InvariantCulture),
        'H' => now.ToString("HH", CultureInfo.InvariantCulture),
        'i' => now.ToString("mm", CultureInfo.InvariantCulture),
        's' => now.ToString("ss", CultureInfo.InvariantCulture),
        'D' => now.ToString("ddd", CultureInfo.InvariantCulture),
        'M' => now.ToString("MMM", CultureInfo.InvariantCulture),
        'U' => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        _ => c.ToString(),
    }));

    private static IEnumerable<(string Key, object? Value)> Pairs(object? value) => value is OrderedDictionary<string, object?> map ? map.Select(pair => (pair.Key, pair.Value)) : ((List<object?>)value!).Select((part, n) => (n.ToString(CultureInfo.InvariantCulture), part));

    private static string Json(object? value, ScriptMachine machine, int depth = 0) => value switch
    {
        _ when depth > 20 => "null",
        null => "null",
        bool truth => truth ? "true" : "false",
        double number => ScriptValues.Number(number),
        string text => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"",
        OrderedDictionary<string, object?> map => "{" + string.Join(',', map.Select(pair => $"{Json(pair.Key, machine, depth + 1)}:{Json(pair.Value, machine, depth + 1)}")) + "}",
        List<object?> list => "[" + string.Join(',', list.Select(part => Json(part, machine, depth + 1))) + "]",
        _ => "{}",
    };

    private static string Shown(object? value, ScriptMachine machine, int depth)
    {
        if (value is not (List<object?> or OrderedDictionary<string, object?>) || depth > 8)
        {
            return machine.Text(value);
        }

        string indent = new(' ', depth * 8);
        return $"Array\n{indent}(\n{string.Concat(Pairs(value).Select(pair => $"{indent}    [{pair.Key}] => {Shown(pair.Value, machine, depth + 1)}\n"))}{indent})\n";
    }

    private static string Dumped(object? value, int depth)
    {
        string indent = new(' ', depth * 2);
        return indent + value switch
        {
            null => "NULL\n",
            bool truth => $"bool({(truth ? "true" : "false")})\n",
            double number => number == Math.Floor(number) ? $"int({ScriptValues.Number(number)})\n" : $"float({ScriptValues.Number(number)})\n",
            string text => string.Create(CultureInfo.InvariantCulture, $"string({text.Length}) \"{text}\"\n"),
            _ when depth > 8 => "*RECURSION*\n",
            List<object?> or OrderedDictionary<string, object?> => string.Create(CultureInfo.InvariantCulture, $"array({Pairs(value).Count()}) {{\n{string.Concat(Pairs(value).Select(pair => $"{indent}  [{(pair.Key.All(char.IsAsciiDigit) ? pair.Key : $"\"{pair.Key}\"")}]=>\n{Dumped(pair.Value, depth + 1)}"))}{indent}}}\n"),
            _ => "object\n",
        };
    }
}
