using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Tests.Mesh.Interop;

/// <summary>A js-libp2p peer in a process of its own, steered by JSON lines.</summary>
internal sealed class JsPeer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _sync = new();
    private readonly List<JsonObject> _events = [];
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _asked = new();
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lastId;

    private JsPeer(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public PeerId Id { get; private set; } = null!;

    public Multiaddr Address { get; private set; } = null!;

    /// <summary>Options as peer.mjs knows them.</summary>
    public static async Task<JsPeer> StartAsync(object? options = null)
    {
        await JsPackages.EnsureAsync();
        return await StartAsync(new ProcessStartInfo(JsPackages.Node, ["peer.mjs", JsonSerializer.Serialize(options ?? new { })]) { WorkingDirectory = JsPackages.Folder });
    }

    /// <summary>Any process that takes and tells the same lines.</summary>
    public static async Task<JsPeer> StartAsync(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var peer = new JsPeer(Process.Start(start)!);
        JsonObject ready = await peer.EventAsync("ready");
        peer.Id = PeerId.TryParse(ready["peer"]!.GetValue<string>(), out PeerId? id) ? id : throw new InvalidDataException(ready.ToJsonString());
        if (ready["addresses"]!.AsArray() is [{ } first, ..])
        {
            peer.Address = Multiaddr.TryParse(first.GetValue<string>(), out Multiaddr? address) ? address : throw new InvalidDataException(ready.ToJsonString());
        }

        return peer;
    }

    /// <summary>Runs a command and returns its answer; fails with its error.</summary>
    public async Task<JsonObject> AskAsync(string command, object? arguments = null, int seconds = 60)
    {
        int id = Interlocked.Increment(ref _lastId);
        var asked = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = asked;
        JsonObject line = JsonSerializer.SerializeToNode(arguments ?? new { })!.AsObject();
        line["id"] = id;
        line["command"] = command;
        lock (_sync)
        {
            _process.StandardInput.WriteLine(line.ToJsonString());
            _process.StandardInput.Flush();
        }

        JsonObject answer = await asked.Task.WaitAsync(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        return answer["error"] is { } error ? throw new InvalidOperationException(error.GetValue<string>()) : answer;
    }

    /// <summary>Waits for an event, of which those that were told before count too.</summary>
    public async Task<JsonObject> EventAsync(string name, Func<JsonObject, bool>? like = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Task changed;
            lock (_sync)
            {
                if (_events.Find(told => string.Equals(told["event"]!.GetValue<string>(), name, StringComparison.Ordinal) && (like is null || like(told))) is { } found)
                {
                    return found;
                }

                changed = _changed.Task;
            }

            if (_reading.IsCompleted || TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(60))
            {
                throw new TimeoutException($"No event '{name}'. Told were:\n{string.Join('\n', Events("").TakeLast(20).Select(told => told.ToJsonString()))}\n{(_errors.IsCompleted ? await _errors : "")}");
            }

            await Task.WhenAny(changed, _reading, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System));
        }
    }

    /// <summary>Waits until an event was told a number of times.</summary>
    public Task CountAsync(string name, int count) => EventAsync(name, _ => Events(name).Count >= count);

    /// <summary>What was told so far by this name; "" is all.</summary>
    public IReadOnlyList<JsonObject> Events(string name)
    {
        lock (_sync)
        {
            return [.. _events.Where(told => name.Length == 0 || string.Equals(told["event"]!.GetValue<string>(), name, StringComparison.Ordinal))];
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            JsonObject told = JsonNode.Parse(line)!.AsObject();
            if (told["event"]!.GetValue<string>() is "answer")
            {
                if (_asked.TryRemove(told["id"]!.GetValue<int>(), out TaskCompletionSource<JsonObject>? asked))
                {
                    asked.TrySetResult(told);
                }

                continue;
            }

            lock (_sync)
            {
                _events.Add(told);
                TaskCompletionSource changed = _changed;
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed.TrySetResult();
            }
        }

        foreach (TaskCompletionSource<JsonObject> asked in _asked.Values)
        {
            asked.TrySetException(new IOException("The js peer ended: " + await _errors));
        }
    }
}
