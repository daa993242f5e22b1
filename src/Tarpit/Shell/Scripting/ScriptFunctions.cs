using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Connections;

namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>What both languages can do beside their operators: calls that look at their arguments, and those that reach the machine.</summary>
internal sealed class ScriptFunctions(ScriptMachine machine)
{
    private const int MostOutput = 2 << 20;

    public int Process { get; } = machine.Call.State.Visit.Memory.NextProcess();

    /// <summary>$$, $0 and so on; null: an ordinary variable without a value.</summary>
    public object? Special(string name) => name switch
    {
        "$$" => (double)Process,
        "$0" => machine.File,
        "$^O" => "linux",
        "$^V" or "$]" => name is "$]" ? "5.038002" : "v5.38.2",
        "$^T" => (double)machine.Call.Machine.Now.ToUnixTimeSeconds(),
        "$<" or "$>" => (double)machine.Call.State.Visit.UserId,
        "$," or "$!" or "$@" => "",
        _ => null,
    };

    public async ValueTask<object?> CallAsync(Calling call)
    {
        string name = call.Name;
        IReadOnlyList<ScriptNode> nodes = call.Arguments;
        switch (name)
        {
            case "sub":
                return new Routine("__ANON__", [], nodes[0], call.Line);
            case "do" when nodes is [Block block]:
                await machine.Statements.RunAsync([.. block.Body.SkipLast(1)]);
                return block.Body.Count > 0 ? await machine.EvaluateAsync(block.Body[^1]) : null;
            case "eval" when nodes is [Block block]:
                return await GuardAsync(() => CallAsync(new Calling("do", [block], call.Line)));
            case "\\":
                return nodes[0] is Calling { Arguments.Count: 0 } named ? machine.Routines.GetValueOrDefault(named.Name.TrimStart('&')) : await machine.EvaluateAsync(nodes[0]);
            case "deref@":
                return await machine.EvaluateAsync(nodes[0]) as List<object?> ?? [];
            case "deref%":
                return await machine.EvaluateAsync(nodes[0]) as OrderedDictionary<string, object?> ?? new OrderedDictionary<string, object?>(StringComparer.Ordinal);
            case "deref$":
                return await machine.EvaluateAsync(nodes[0]);
            case "$#":
                return (double)((await machine.EvaluateAsync(nodes[0]) as List<object?>)?.Count - 1 ?? -1);
            case "defined" or "isset" or "exists" or "empty":
                object? asked = nodes is [Calling { Arguments.Count: 0 } routine] && machine.Routines.ContainsKey(routine.Name) ? 1.0 : nodes.Count == 0 ? machine.Variables.GetValueOrDefault("$_") : await machine.EvaluateAsync(nodes[0]);
                return Truth(name is "empty" ? !ScriptValues.IsTrue(asked) : asked is not null);
            case "scalar" or "count" or "sizeof" when nodes.Count > 0:
                return await machine.EvaluateAsync(nodes[0]) switch { List<object?> list => (double)list.Count, OrderedDictionary<string, object?> map => map.Count, var value => name is "scalar" ? value : 1.0 };
            case "map{}" or "grep{}" or "sort{}" or "map" or "grep" when nodes.Count > 0:
                return await MappedAsync(name, nodes);
            case "push" or "unshift" or "array_push" or "pop" or "shift" or "array_pop" or "array_shift" or "splice":
                return await ChangeAsync(name, nodes);
            case "open" when nodes.Count > 1:
                List<object?> given = await machine.ListAsync([.. nodes.Skip(1)]);
                bool isOpen = machine.Handles.Open(Handle(nodes[0]), machine.Text(given[0]), given.Count > 1 ? machine.Text(given[1]) : null);
                await (nodes[0] is VariableUse variable ? machine.SetAsync(variable, variable.Name) : ValueTask.CompletedTask);
                return Truth(isOpen);
            case "close" when nodes.Count > 0:
                return Truth(machine.Handles.Close(Handle(nodes[0])) || nodes[0] is Calling);
            case "exec" when machine.IsPhp && nodes is [_, VariableUse lines, ..]:
                string output = machine.Text(await CommandAsync("shell_exec", [machine.Text(await machine.EvaluateAsync(nodes[0]))])).TrimEnd('\n');
                await machine.SetAsync(lines, new List<object?>(output.Split('\n')));
                return output.Split('\n')[^1];
            case "split" when nodes is [Matching { Replacement: null } pattern, ..]:
                List<object?> rest = await machine.ListAsync([.. nodes.Skip(1)]);
                return await RunAsync("split", [await machine.EvaluateAsync(pattern.Pattern), .. rest], call.Line);
            case "chomp" or "chop" or "undef" or "delete" or "unset":
                return await ClearAsync(name, nodes);
            case "keys" or "values" or "each":
                return await machine.EvaluateAsync(nodes[0]) switch
                {
                    OrderedDictionary<string, object?> map => new ListResult(name is "values" ? map.Values : map.Keys.Cast<object?>()),
                    List<object?> list => new ListResult(name is "values" ? list : Enumerable.Range(0, list.Count).Select(n => (object?)(double)n)),
                    _ => new ListResult(),
                };
        }

        List<object?> values = await machine.ListAsync(nodes);
        if (machine.Routines.TryGetValue(name.TrimStart('&'), out Routine? own))
        {
            return await machine.Statements.CallAsync(own, values);
        }

        return name.Split(' ')[0] is "print" or "say" or "printf" or "echo" ? await PrintAsync(call, values) : await RunAsync(name, values, call.Line);
    }

    private static string Handle(ScriptNode node) => node switch { Calling word => word.Name, VariableUse variable => variable.Name, Literal { Value: string name } => name, _ => "" };

    private object Truth(bool holds) => machine.IsPhp ? holds : holds ? 1.0 : "";

    private async ValueTask<object?> GuardAsync(Func<ValueTask<object?>> run)
    {
        try
        {
            object? value = await run();
            machine.Variables["$@"] = "";
            return value;
        }
        catch (ScriptDieException e) when (e.IsError)
        {
            machine.Variables["$@"] = e.Message;
            return null;
        }
    }

    private async ValueTask<object?> PrintAsync(Calling call, List<object?> values)
    {
        string[] name = call.Name.Split(' ', 2);
        string separator = machine.IsPhp ? "" : machine.Text(machine.Variables.GetValueOrDefault("$,"));
        values = call.Arguments.Count == 0 && !machine.IsPhp ? [machine.Variables.GetValueOrDefault("$_")] : values;
        string text = name[0] is "printf" ? ScriptText.Format(machine, values) : string.Join(separator, values.Select(machine.Text)) + (name[0] is "say" ? "\n" : name[0] is "print" ? machine.LineEnd : "");
        if (name.Length > 1 && name[1] is not "STDOUT")
        {
            await machine.FlushAsync();
            if (name[1] is "STDERR")
            {
                await machine.Call.Streams.Error.WriteAsync(text, machine.Call.Cancellation);
            }
            else
            {
                machine.Handles.Write(name[1], text);
            }
        }
        else
        {
            await machine.PrintAsync(text);
        }

        return 1.0;
    }

    private async ValueTask<object?> MappedAsync(string name, IReadOnlyList<ScriptNode> nodes)
    {
        List<object?> items = await machine.ListAsync([.. nodes.Skip(1)]);
        object? before = machine.Variables.GetValueOrDefault("$_");
        ListResult result = [];
        if (name is "sort{}")
        {
            // The order is asked for pair by pair: by insertion, so that it can wait.
            foreach (object? item in items.Take(2000))
            {
                int at = result.Count;
                while (at > 0)
                {
                    (machine.Variables["$a"], machine.Variables["$b"]) = (result[at - 1], item);
                    if (ScriptValues.Real(await ValueAsync(nodes[0])) <= 0)
                    {
                        break;
                    }

                    at--;
                }

                result.Insert(at, item);
            }

            return result;
        }

        foreach (object? item in items)
        {
            machine.Variables["$_"] = item;
            object? value = await ValueAsync(nodes[0]);
            if (name.StartsWith("grep", StringComparison.Ordinal))
            {
                result.AddRange(ScriptValues.IsTrue(value) ? [item] : []);
            }
            else
            {
                result.AddRange(value is ListResult list ? list : [value]);
            }

            machine.Reserve(16);
        }

        machine.Variables["$_"] = before;
        return result;
    }

    private ValueTask<object?> ValueAsync(ScriptNode node) => node is Block ? CallAsync(new Calling("do", [node], node.Line)) : machine.EvaluateAsync(node);

    private async ValueTask<object?> ChangeAsync(string name, IReadOnlyList<ScriptNode> nodes)
    {
        ScriptNode target = nodes.Count > 0 ? nodes[0] : new VariableUse(machine.Variables.ContainsKey("@_") ? "@_" : "@ARGV", 1);
        if (await machine.EvaluateAsync(target) is not List<object?> list)
        {
            return null;
        }

        if (name is "pop" or "shift" or "array_pop" or "array_shift")
        {
            int at = name.EndsWith("pop", StringComparison.Ordinal) ? list.Count - 1 : 0;
            object? value = list.ElementAtOrDefault(at);
            if (list.Count > 0)
            {
                list.RemoveAt(at);
            }

            return value;
        }

        List<object?> more = await machine.ListAsync([.. nodes.Skip(1)]);
        if (name is "splice")
        {
            int from = (int)Math.Clamp(ScriptValues.Real(more.ElementAtOrDefault(0)), 0, list.Count), count = (int)Math.Clamp(more.Count > 1 ? ScriptValues.Real(more[1]) : list.Count, 0, list.Count - from);
            ListResult gone = new(list.GetRange(from, count));
            list.RemoveRange(from, count);
            list.InsertRange(from, more.Skip(2));
            return gone;
        }

        list.InsertRange(name is "unshift" ? 0 : list.Count, more);
        machine.Reserve(list.Count > 200_000 ? long.MaxValue : more.Count * 16L);
        return (double)list.Count;
    }

    private async ValueTask<object?> ClearAsync(string name, IReadOnlyList<ScriptNode> nodes)
    {
        ScriptNode target = nodes.Count > 0 ? nodes[0] : new VariableUse("$_", 1);
        switch (name)
        {
            case "chomp" or "chop":
                string text = machine.Text(await machine.EvaluateAsync(target));
                bool cuts = text.Length > 0 && (name is "chop" || text[^1] == '\n');
                await (cuts ? machine.SetAsync(target, text[..^1]) : ValueTask.CompletedTask);
                return cuts ? 1.0 : 0.0;
            case "delete" or "unset" when target is Element { Key: { } key } element:
                string gone = machine.Text(await machine.EvaluateAsync(key));
                return await machine.EvaluateAsync(element.Container) is OrderedDictionary<string, object?> map ? map.Remove(gone) : null;
            default:
                await (nodes.Count > 0 && target is VariableUse or Element ? machine.SetAsync(target, target is VariableUse { Name: ['@' or '%', ..] } ? new List<object?>() : null) : ValueTask.CompletedTask);
                return null;
        }
    }

    /// <summary>$x->method(...): sockets of IO::Socket, and code references.</summary>
    public async ValueTask<object?> MethodAsync(MethodCalling call)
    {
        object? target = call.Target is Calling { Arguments.Count: 0 } type ? type.Name : await machine.EvaluateAsync(call.Target);
        List<object?> values = await machine.ListAsync(call.Arguments);
        return call.Name is "new" && target is string name ? await CallAsync(new Calling("new " + name, call.Arguments, call.Line))
            : target is null ? throw machine.Die(machine.IsPhp ? $"Uncaught Error: Call to a member function {call.Name}() on null" : $"Can't call method \"{call.Name}\" on an undefined value", call.Line)
            : call.Name is "fdopen" or "autoflush" or "close" or "print" or "say" ? 1.0
            : throw machine.Die(machine.IsPhp ? $"Uncaught Error: Call to undefined method {call.Name}()" : $"Can't locate object method \"{call.Name}\" via package \"{machine.Text(target)}\"{(target is string package ? $" (perhaps you forgot to load \"{package}\"?)" : "")}", call.Line);
    }

    private async ValueTask<object?> RunAsync(string name, List<object?> values, int line)
    {
        string first = machine.Text(values.ElementAtOrDefault(0) ?? (values.Count == 0 && !machine.IsPhp ? machine.Variables.GetValueOrDefault("$_") : null));
        switch (name)
        {
            case "system" or "exec" or "passthru" or "shell_exec" or "`" or "popen" or "proc_open":
                return await CommandAsync(name, [.. values.Select(machine.Text)]);
            case "connect" or "fsockopen" or "stream_socket_client" or "pfsockopen":
                return await ConnectAsync(name, values, line);
            case "new IO::Socket::INET":
                return await ConnectAsync("fsockopen", [.. Peer([.. values.Select(machine.Text)])], line);
            case "sleep" or "usleep":
                await machine.FlushAsync();
                await machine.Call.State.Turns.OutsideAsync(() => machine.Call.Machine.SleepAsync(TimeSpan.FromSeconds(Math.Clamp(ScriptValues.Real(values.ElementAtOrDefault(0)) / (name is "usleep" ? 1e6 : 1), 0, 1e6)), machine.Call.Cancellation));
                return Math.Truncate(ScriptValues.Real(values.ElementAtOrDefault(0)));
            case "exit" or "die" when machine.IsPhp:
                await machine.PrintAsync(values.Count > 0 && values[0] is string ? first : "");
                throw new ScriptDieException("", values.Count > 0 && values[0] is double ? (int)ScriptValues.Real(values[0]) & 0xFF : 0, isError: false);
            case "exit":
                throw new ScriptDieException("", values.Count > 0 ? (int)ScriptValues.Real(values[0]) & 0xFF : 0, isError: false);
            case "die" or "croak" or "confess":
                string text = string.Concat(values.Select(machine.Text));
                throw text.EndsWith('\n') ? new ScriptDieException(text, 255, isError: true) : machine.Die(text.Length == 0 ? "Died" : text, line);
            case "warn":
                string warning = string.Concat(values.Select(machine.Text));
                await machine.FlushAsync();
                await machine.Call.Streams.Error.WriteAsync(warning.EndsWith('\n') ? warning : machine.Die(warning, line).Message, machine.Call.Cancellation);
                return 1.0;
            case "eval" or "assert":
                return await EvaluateAsync(first, line);
            case "gethostbyname":
                System.Net.IPAddress? address = Dialer.Resolve(machine.Call.State, first);
                await (address is null ? machine.Call.WaitAsync(4) : Task.CompletedTask);
                return machine.IsPhp ? address?.ToString() ?? first : address is null ? null : Encoding.Latin1.GetString(address.GetAddressBytes());
            case "print" or "echo":
                await machine.PrintAsync(first);
                return 1.0;
        }

        machine.Reserve(first.Length * 2L);
        if (ScriptText.TryCall(machine, name, values, first, line, out object? result) || (machine.IsPhp ? PhpFunctions.TryCall(machine, name, values, first, out result) : ScriptFiles.TryCall(machine, name, values, first, out result)))
        {
            machine.Reserve(result switch { string made => made.Length * 2L, List<object?> list => list.Count * 32L, _ => 0 });
            return result;
        }

        // A word that is no function is a text, with arguments it is an error.
        return machine.IsPhp ? throw machine.Die(values.Count == 0 && name.All(c => c == '_' || char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)) ? $"Uncaught Error: Undefined constant \"{name}\"" : name.StartsWith("new ", StringComparison.Ordinal) ? $"Uncaught Error: Class \"{name[4..]}\" not found" : $"Uncaught Error: Call to undefined function {name}()", line)
            : name.StartsWith("new ", StringComparison.Ordinal) ? throw machine.Die($"Can't locate object method \"new\" via package \"{name[4..]}\" (perhaps you forgot to load \"{name[4..]}\"?)", line)
            : values.Count == 0 ? name : throw machine.Die($"Undefined subroutine &main::{name} called", line);
    }

    private async ValueTask<object?> EvaluateAsync(string code, int line)
    {
        try
        {
            (IReadOnlyList<ScriptNode> program, _) = ScriptParser.Read(code, machine.IsPhp);
            return machine.IsPhp ? await CallAsync(new Calling("do", [new Block(program, line)], line)) : await GuardAsync(() => CallAsync(new Calling("do", [new Block(program, line)], line)));
        }
        catch (ScriptSyntaxException e)
        {
            machine.Variables["$@"] = $"syntax error at (eval 1) line {e.Line.ToString(CultureInfo.InvariantCulture)}, near \"{e.Near}\"\n";
            return machine.IsPhp ? throw machine.Die("syntax error, unexpected end of file", line) : null;
        }
    }

    private async ValueTask<object?> CommandAsync(string name, List<string> words)
    {
        await machine.FlushAsync();
        bool isCaptured = name is "`" or "shell_exec" or "popen" || (name is "exec" && machine.IsPhp);
        string[] command = words.Count == 1 || machine.IsPhp || isCaptured ? ["sh", "-c", words.FirstOrDefault("")] : [.. words];
        using BufferOutput taken = new(MostOutput, machine.Call.State.Budget.Memory);
        string folder = machine.Call.State.Folder;
        await machine.Call.Interpreter.CallAsync(command, isCaptured ? machine.Call.Streams with { Output = taken } : machine.Call.Streams, machine.Call.Cancellation);
        machine.Call.State.Folder = folder;
        int status = machine.Call.State.Status;
        machine.Variables["$?"] = (double)(status << 8);
        return name switch
        {
            "exec" when !machine.IsPhp => throw new ScriptDieException("", status, isError: false),
            "exec" => taken.Text.TrimEnd('\n').Split('\n')[^1],
            "shell_exec" or "`" or "popen" => taken.Text.Length == 0 && machine.IsPhp ? null : taken.Text,
            "system" when machine.IsPhp => "",
            "passthru" => null,
            _ => (double)(status == 127 && words.Count > 1 ? -1 : status << 8),
        };
    }

    // "PeerAddr", "10.0.0.1:443" or PeerHost and PeerPort.
    private static string[] Peer(List<string> values)
    {
        string Named(params string[] names) => values.SkipWhile(value => !names.Contains(value, StringComparer.OrdinalIgnoreCase)).ElementAtOrDefault(1) ?? "";
        string host = Named("PeerAddr", "PeerHost"), port = Named("PeerPort");
        return host.Contains(':', StringComparison.Ordinal) ? host.Split(':', 2) : values.Count == 1 ? values[0].Split(':', 2) : [host, port];
    }

    private async ValueTask<object?> ConnectAsync(string name, List<object?> values, int line)
    {
        await machine.FlushAsync();
        string host = machine.Text(values.ElementAtOrDefault(name is "connect" ? 1 : 0)).Replace("tcp://", "", StringComparison.Ordinal), text = machine.Text(values.ElementAtOrDefault(1));
        if (host.Split(':') is [var bare, var behind])
        {
            (host, text) = (bare, behind);
        }

        int port = (int)Math.Clamp(ScriptValues.Real(text), 0, 65_535);
        machine.Call.State.Log.Record(new Recording.Observation(Recording.ObservationKinds.Download) { Name = machine.IsPhp ? "php" : "perl", Text = $"connect {host} {port.ToString(CultureInfo.InvariantCulture)}", Host = host });
        Attempt attempt = await Dialer.DialAsync(machine.Call.State, host, port, null, machine.Call.Cancellation);
        await (attempt.Stream?.DisposeAsync() ?? ValueTask.CompletedTask);
        machine.Variables["$!"] = attempt.Error;
        if (machine.IsPhp && attempt.Reach is not Reach.Connected)
        {
            string reason = attempt.Reach is Reach.UnknownName ? "php_network_getaddresses: getaddrinfo for " + host + " failed: " + attempt.Error : attempt.Error;
            await machine.Call.Streams.Error.WriteAsync($"PHP Warning:  {name}(): Unable to connect to {host}:{port.ToString(CultureInfo.InvariantCulture)} ({reason}) in {machine.File} on line {line.ToString(CultureInfo.InvariantCulture)}\n", machine.Call.Cancellation);
            return false;
        }

        return Truth(attempt.Reach is Reach.Connected);
    }
}
