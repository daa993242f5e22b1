using Blackwall.Config;

namespace Blackwall.Classification;

/// <summary>Section [ai]: the language model that gives its opinion of suspicious sources.</summary>
public sealed class AiOptions
{
    public AiMode Mode { get; set; } = AiMode.Off;

    /// <summary>Whether the embedded model looks at flows. It tells what it thinks and nothing follows.</summary>
    public bool Embedded { get; set; }

    /// <summary>Where the model server listens.</summary>
    public Uri Endpoint { get; set; } = new("http://127.0.0.1:11434");

    public string Model { get; set; } = "qwen3:1.7b";

    /// <summary>Asked when the first gives no valid answer; empty: none.</summary>
    public string FallbackModel { get; set; } = "qwen3:0.6b";

    /// <summary>For one question in all; 1..300.</summary>
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>Sources in one question; 1..16.</summary>
    public int BatchSize { get; set; } = 8;

    /// <summary>How long a question waits for more sources; 0..60.</summary>
    public int BatchSeconds { get; set; } = 5;

    /// <summary>Tokens of questions and answers together, 4,000..1,000,000 a minute.</summary>
    public int TokensPerMinute { get; set; } = 20_000;

    /// <summary>How long an opinion holds for sources with the same numbers; 0..1,440.</summary>
    public int CacheMinutes { get; set; } = 60;

    /// <summary>How sure the model has to be for a limit, 50..100 percent.</summary>
    public int MinPercent { get; set; } = 80;

    /// <summary>How long a limit lasts; 1..60.</summary>
    public int LimitMinutes { get; set; } = 10;

    /// <summary>Failures in a row after which the server is left alone; 1..5.</summary>
    public int BreakerFailures { get; set; } = 5;

    /// <summary>How long it is left alone at first; each further failure doubles it, up to 16 times. 5..3,600.</summary>
    public int BreakerSeconds { get; set; } = 60;

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<AiOptions>("ai", "Opinions of a language model about suspicious sources.", new AiOptions())
            .Choice("mode", "off: the model is not asked; shadow: what it thinks is reported and changes nothing; advise: it may have a suspicious source rate-limited.", o => o.Mode, (o, v) => o.Mode = v)
            .Flag("embedded", "Whether the embedded model looks at flows. What it thinks shows in 'why' and is a number for the language model; nothing else follows.", o => o.Embedded, (o, v) => o.Embedded = v)
            .Text("endpoint", "URL of the model server (Ollama's protocol): https, or http on loopback. It gets numbers and words of ours alone, no address, name or payload.", o => o.Endpoint.ToString(), (o, v) => ModelAddress.SetEndpoint(v, url => o.Endpoint = url))
            .Text("model", "Name of the model.", o => o.Model, (o, v) => ModelAddress.SetName(v, name => o.Model = name, mayBeEmpty: false))
            .Text("fallback_model", "Model that is asked when the first one gives no valid answer; empty: none.", o => o.FallbackModel, (o, v) => ModelAddress.SetName(v, name => o.FallbackModel = name, mayBeEmpty: true))
            .Integer("timeout_seconds", "Seconds for one question.", 1, 300, o => o.TimeoutSeconds, (o, v) => o.TimeoutSeconds = (int)v)
            .Integer("batch_size", "Sources in one question.", 1, 16, o => o.BatchSize, (o, v) => o.BatchSize = (int)v)
            .Integer("batch_seconds", "Seconds that a question waits for more sources.", 0, 60, o => o.BatchSeconds, (o, v) => o.BatchSeconds = (int)v)
            .Integer("tokens_per_minute", "Tokens of questions and answers a minute.", 4000, 1_000_000, o => o.TokensPerMinute, (o, v) => o.TokensPerMinute = (int)v)
            .Integer("cache_minutes", "Minutes for which an opinion holds for other sources with the same numbers; 0: each is asked about by itself.", 0, 1440, o => o.CacheMinutes, (o, v) => o.CacheMinutes = (int)v)
            .Integer("min_percent", "How sure the model has to be for a rate limit, in percent.", 50, 100, o => o.MinPercent, (o, v) => o.MinPercent = (int)v)
            .Integer("limit_minutes", "Minutes that such a rate limit lasts.", 1, 60, o => o.LimitMinutes, (o, v) => o.LimitMinutes = (int)v)
            .Integer("breaker_failures", "Failures in a row after which the server is not asked for a while.", 1, 5, o => o.BreakerFailures, (o, v) => o.BreakerFailures = (int)v)
            .Integer("breaker_seconds", "Seconds of that pause; it doubles while the server goes on failing, up to 16 times.", 5, 3600, o => o.BreakerSeconds, (o, v) => o.BreakerSeconds = (int)v)
            .LiveExcept(),
    ];
}
