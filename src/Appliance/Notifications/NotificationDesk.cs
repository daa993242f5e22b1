using System.Globalization;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Options;

namespace Blackwall.Notifications;

/// <summary>
/// Takes what people want to be told of, at most so much a minute, and has every channel send it. Nobody waits here: what does not fit is counted and
/// told together with the next minute. Thread-safe.
/// </summary>
internal sealed class NotificationDesk : BackgroundService, IStatsSource, IHealthSource
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly IOptions<NotifyOptions> _options;
    private readonly TimeProvider _time;
    private readonly NotificationChannel[] _channels;
    private long _minute;
    private int _inMinute;
    private long _held;
    private long _heldAll;

    public NotificationDesk(IEnumerable<INotifier> notifiers, IOptions<NotifyOptions> options, TimeProvider time, ILogger<NotificationDesk> log)
    {
        (_options, _time) = (options, time);
        _channels = [.. notifiers.Select(notifier => new NotificationChannel(notifier, time, log))];
        _minute = time.GetTimestamp();
    }

    public string Name => "notifications";

    public bool Ready => true;

    public string? Fault => Array.Find(_channels, channel => channel.Fault is not null) is { } channel ? $"Notifications by {channel.Notifier.Name} do not arrive: {channel.Fault}" : null;

    public IReadOnlyList<ChannelBody> Channels => [.. _channels.Select(channel => new ChannelBody(channel.Notifier.Name, channel.Notifier.IsUsed, channel.Sent, channel.Failed, channel.Fault))];

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["sent"] = _channels.Sum(channel => channel.Sent),
        ["failed"] = _channels.Sum(channel => channel.Failed),
        ["held"] = Interlocked.Read(ref _heldAll),
    };

    public void Add(Notification notification)
    {
        if (!_options.Value.On.Contains(NotificationTemplate.Word(notification.Kind), StringComparer.Ordinal) || !Array.Exists(_channels, channel => channel.Notifier.IsUsed))
        {
            return;
        }

        lock (_lock)
        {
            BeginMinute();
            if (_inMinute >= _options.Value.PerMinute)
            {
                _held++;
                _heldAll++;
                return;
            }

            _inMinute++;
        }

        Send(notification);
    }

    /// <summary>Tells of what was held back once its minute is over.</summary>
    public void TellHeld()
    {
        long held;
        lock (_lock)
        {
            if (_held == 0 || _time.GetElapsedTime(_minute) < s_minute)
            {
                return;
            }

            (held, _held) = (_held, 0);
            BeginMinute();
            _inMinute++;
        }

        Send(new Notification(NotificationKind.Block, _time.GetUtcNow(), string.Create(CultureInfo.InvariantCulture, $"{held} more notifications were held back, for notify.per_minute is {_options.Value.PerMinute}; 'blackwall decisions' has what is in force")));
    }

    /// <summary>Sends one to everybody now; each channel says whether it was taken.</summary>
    public async Task<IReadOnlyList<ChannelBody>> TestAsync(string actor, CancellationToken cancellation)
    {
        Notification test = new(NotificationKind.Test, _time.GetUtcNow(), $"This is a test that {actor} asked for");
        await Task.WhenAll(_channels.Where(channel => channel.Notifier.IsUsed).Select(channel => channel.TryAsync(test, cancellation)));
        return Channels;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task[] running = [.. _channels.Select(channel => channel.RunAsync(stoppingToken))];
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1), _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            TellHeld();
        }

        await Task.WhenAll(running);
    }

    private void BeginMinute()
    {
        if (_time.GetElapsedTime(_minute) >= s_minute)
        {
            (_minute, _inMinute) = (_time.GetTimestamp(), 0);
        }
    }

    private void Send(Notification notification)
    {
        foreach (NotificationChannel channel in _channels)
        {
            channel.Add(notification);
        }
    }
}
