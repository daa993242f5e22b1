using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>The exceptions of the language, and how they are told.</summary>
internal static class PythonErrors
{
    private static readonly FrozenDictionary<string, PythonClass> s_all = Make();

    public static IEnumerable<PythonClass> All => s_all.Values;

    public static PythonClass Get(string name) => s_all[name];

    public static bool IsKnown(string name) => s_all.ContainsKey(name);

    public static PythonException New(string type, params object?[] arguments) => New(s_all[type], arguments);

    public static PythonException New(PythonClass type, params object?[] arguments)
    {
        PythonObject value = new(type);
        value.Members["args"] = new PythonTuple(arguments);
        if (type.Is(s_all["OSError"]) && arguments.Length >= 2)
        {
            value.Members["errno"] = arguments[0];
            value.Members["strerror"] = arguments[1];
            value.Members["filename"] = arguments.Length > 2 ? arguments[2] : null;
            value.Members["args"] = new PythonTuple(arguments.Take(2));
        }

        if (type.Is(s_all["SystemExit"]))
        {
            value.Members["code"] = arguments.Length > 0 ? arguments[0] : null;
        }

        return new PythonException(value);
    }

    public static PythonException Type(string text) => New("TypeError", text);

    public static PythonException Value(string text) => New("ValueError", text);

    public static PythonException Memory() => New("MemoryError");

    public static PythonException Attribute(object? value, string name, string hint = "") =>
        New("AttributeError", value is PythonModule module ? $"module '{module.Name}' has no attribute '{name}'{hint}" : value is PythonClass type ? $"type object '{type.Name}' has no attribute '{name}'{hint}" : $"'{PythonText.TypeName(value)}' object has no attribute '{name}'{hint}");

    /// <summary>An error of the kernel, by its number.</summary>
    public static PythonException System(int number, string? file = null)
    {
        (string type, string text) = number switch
        {
            1 => ("PermissionError", "Operation not permitted"),
            2 => ("FileNotFoundError", "No such file or directory"),
            3 => ("ProcessLookupError", "No such process"),
            9 => ("OSError", "Bad file descriptor"),
            10 => ("ChildProcessError", "No child processes"),
            13 => ("PermissionError", "Permission denied"),
            17 => ("FileExistsError", "File exists"),
            20 => ("NotADirectoryError", "Not a directory"),
            21 => ("IsADirectoryError", "Is a directory"),
            22 => ("OSError", "Invalid argument"),
            28 => ("OSError", "No space left on device"),
            32 => ("BrokenPipeError", "Broken pipe"),
            39 => ("OSError", "Directory not empty"),
            98 => ("OSError", "Address already in use"),
            107 => ("OSError", "Transport endpoint is not connected"),
            110 => ("TimeoutError", "Connection timed out"),
            111 => ("ConnectionRefusedError", "Connection refused"),
            113 => ("OSError", "No route to host"),
            _ => ("OSError", "Input/output error"),
        };
        return file is null ? New(type, new BigInteger(number), text) : New(type, new BigInteger(number), text, file);
    }

    public static PythonException System(Files.FileError error, string file) => System(error switch
    {
        Files.FileError.NotFound => 2,
        Files.FileError.NotPermitted => 13,
        Files.FileError.IsFolder => 21,
        Files.FileError.NotFolder => 20,
        Files.FileError.Exists => 17,
        Files.FileError.NotEmpty => 39,
        _ => 28,
    }, file);

    /// <summary>str() of an exception.</summary>
    public static string Text(PythonObject value)
    {
        IReadOnlyList<object?> arguments = value.Members.GetValueOrDefault("args") is PythonTuple tuple ? tuple.Items : [];
        if (value.Type.Is(s_all["OSError"]) && value.Members.GetValueOrDefault("strerror") is string text)
        {
            return $"[Errno {PythonText.Plain(value.Members["errno"])}] {text}{(value.Members.GetValueOrDefault("filename") is { } file ? ": " + PythonText.Represent(file) : "")}";
        }

        return arguments.Count == 0 ? "" : arguments.Count > 1 ? PythonText.Represent(new PythonTuple(arguments)) : value.Type.Is(s_all["KeyError"]) ? PythonText.Represent(arguments[0]) : PythonText.Plain(arguments[0]);
    }

    /// <summary>What the interpreter writes when nobody catches it.</summary>
    public static string Describe(PythonException error, int depth = 0)
    {
        StringBuilder text = new();
        if (error.Before is { } before && depth < 5)
        {
            text.Append(Describe(before, depth + 1)).Append(error.IsCaused ? "\nThe above exception was the direct cause of the following exception:\n\n" : "\nDuring handling of the above exception, another exception occurred:\n\n");
        }

        text.Append(error.Trace.Count > 0 || error.Library.Length > 0 ? "Traceback (most recent call last):\n" : "");
        List<TraceLine> trace = [.. Enumerable.Reverse(error.Trace)];
        int repeated = 0;
        for (int n = 0; n < trace.Count; n++)
        {
            repeated = n > 0 && trace[n].Node == trace[n - 1].Node && string.Equals(trace[n].Function, trace[n - 1].Function, StringComparison.Ordinal) ? repeated + 1 : 0;
            if (repeated < 3)
            {
                text.Append(Line(trace[n]));
            }
            else if (n + 1 == trace.Count || trace[n + 1].Node != trace[n].Node)
            {
                text.Append(CultureInfo.InvariantCulture, $"  [Previous line repeated {repeated - 2} more time{(repeated == 3 ? "" : "s")}]\n");
            }
        }

        string message = PythonText.Shown(error.Value);
        return text.Append(error.Library).Append(error.Value.Type.FullName).Append(message.Length > 0 ? ": " + message : "").Append('\n').ToString();
    }

    private static string Line(TraceLine line)
    {
        Place place = line.Node?.Place ?? new Place(1, 0, 0);
        string text = FormattableString.Invariant($"  File \"{line.File}\", line {place.Line}, in {line.Function}\n");
        string source = line.Source?.Split('\n').ElementAtOrDefault(place.Line - 1) ?? "", shown = source.Trim();
        if (shown.Length == 0)
        {
            return text;
        }

        int cut = source.Length - source.TrimStart().Length, from = place.Start - cut, to = Math.Min(place.End - cut, shown.Length);
        text += $"    {shown}\n";
        if (line.Node is null or Raising or Import || from < 0 || to <= from || (from == 0 && to == shown.Length && line.Node is not (Binary or Subscript)))
        {
            return text;
        }

        char[] mark = [.. new string('^', to - from)];
        (int First, int Last) anchor = line.Node switch
        {
            Binary binary => (binary.Mark.Start - cut - from, binary.Mark.End - cut - from),
            Subscript subscript when subscript.Target.Place.Line == place.Line => (subscript.Target.Place.End - cut - from, mark.Length),
            _ => (0, mark.Length),
        };
        for (int n = 0; n < mark.Length; n++)
        {
            mark[n] = n >= anchor.First && n < anchor.Last ? '^' : '~';
        }

        return $"{text}    {new string(' ', from)}{new string(mark)}\n";
    }

    private static FrozenDictionary<string, PythonClass> Make()
    {
        Dictionary<string, PythonClass> all = new(StringComparer.Ordinal);
        const string tree = "BaseException: Exception:BaseException SystemExit:BaseException KeyboardInterrupt:BaseException GeneratorExit:BaseException ArithmeticError:Exception AssertionError:Exception AttributeError:Exception BufferError:Exception EOFError:Exception ImportError:Exception LookupError:Exception MemoryError:Exception NameError:Exception OSError:Exception RuntimeError:Exception StopIteration:Exception StopAsyncIteration:Exception SyntaxError:Exception SystemError:Exception TypeError:Exception ValueError:Exception Warning:Exception FloatingPointError:ArithmeticError OverflowError:ArithmeticError ZeroDivisionError:ArithmeticError ModuleNotFoundError:ImportError IndexError:LookupError KeyError:LookupError UnboundLocalError:NameError BlockingIOError:OSError ChildProcessError:OSError ConnectionError:OSError BrokenPipeError:ConnectionError ConnectionAbortedError:ConnectionError ConnectionRefusedError:ConnectionError ConnectionResetError:ConnectionError FileExistsError:OSError FileNotFoundError:OSError InterruptedError:OSError IsADirectoryError:OSError NotADirectoryError:OSError PermissionError:OSError ProcessLookupError:OSError TimeoutError:OSError NotImplementedError:RuntimeError RecursionError:RuntimeError IndentationError:SyntaxError TabError:IndentationError UnicodeError:ValueError UnicodeDecodeError:UnicodeError UnicodeEncodeError:UnicodeError DeprecationWarning:Warning UserWarning:Warning";
        foreach (string[] pair in tree.Split(' ').Select(word => word.Split(':')))
        {
            all[pair[0]] = new PythonClass(pair[0], pair[1].Length > 0 ? [all[pair[1]]] : []);
        }

        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
