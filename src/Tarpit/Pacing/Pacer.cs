using System.Security.Cryptography;

namespace Blackwall.Tarpit.Pacing;

/// <summary>
/// Slows the output of one session: drops of 1 to 15 bytes, pauses that are exponentially distributed and grow with the time that the session lasts. Only what
/// programs write comes here; handshakes and logins do not. One writer; <see cref="OnInput"/> from any thread.
/// </summary>
internal sealed class Pacer(TimerWheel wheel, PacingProfile? profile, TimeProvider time)
{
    private const int LargestDrop = 15;
    private const int LongestEcho = 16;
    private const double Eased = 0.2;
    private static readonly TimeSpan s_typing = TimeSpan.FromSeconds(3);

    private readonly long _never = long.MinValue;
    private long _began;
    private long _input = long.MinValue;
    private bool _hasBegun;
    private volatile Pause? _pause;

    /// <summary>The peer typed: what waits comes, and what follows comes faster for a moment.</summary>
    public void OnInput()
    {
        Volatile.Write(ref _input, time.GetTimestamp());
        if (_pause is { } pause && wheel.Remove(pause))
        {
            pause.Run();
        }
    }

    /// <summary>Writes bytes in drops.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellation)
    {
        // The echo of a key comes at once, as on any line.
        if (profile is null || (bytes.Length <= LongestEcho && IsTyping))
        {
            await write(bytes, cancellation);
            return;
        }

        if (!_hasBegun)
        {
            (_began, _hasBegun) = (time.GetTimestamp(), true);
        }

        TimeSpan spent = TimeSpan.Zero, longest = profile.Longest;
        while (!bytes.IsEmpty)
        {
            TimeSpan mean = Mean();
            if (mean <= TimeSpan.Zero || spent >= profile.Budget)
            {
                await write(bytes, cancellation);
                return;
            }

            int length = Math.Min(bytes.Length, RandomNumberGenerator.GetInt32(1, LargestDrop + 1));
            await write(bytes[..length], cancellation);
            bytes = bytes[length..];
            if (!bytes.IsEmpty)
            {
                TimeSpan pause = mean * -Math.Log(1 - (RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20)));
                pause = pause < longest ? pause : longest;
                spent += pause;
                await WaitAsync(pause, cancellation);
            }
        }
    }

    private bool IsTyping => Volatile.Read(ref _input) is var last && last != _never && time.GetElapsedTime(last) < s_typing;

    private TimeSpan Mean()
    {
        TimeSpan age = time.GetElapsedTime(_began) - profile!.Free;
        if (age < TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        double grown = 1 - Math.Exp(-age / profile.Growth);
        TimeSpan mean = profile.Shortest + ((profile.Longest - profile.Shortest) * grown * grown);
        return IsTyping ? mean * Eased : mean;
    }

    private async ValueTask WaitAsync(TimeSpan pause, CancellationToken cancellation)
    {
        Pause entry = new();
        _pause = entry;
        wheel.Add(entry, pause);
        using CancellationTokenRegistration end = cancellation.UnsafeRegister(static state => ((Pause)state!).Cancel(), entry);
        try
        {
            await entry.Task;
        }
        finally
        {
            wheel.Remove(entry);
            _pause = null;
        }
    }

    private sealed class Pause : WheelEntry
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _over.Task;

        public override void Run() => _over.TrySetResult();

        public void Cancel() => _over.TrySetCanceled();
    }
}
