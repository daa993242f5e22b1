using Blackwall.Classification;
using Blackwall.Config;

namespace Blackwall.Bridges.Tarpit.Improvisation;

/// <summary>[tarpit.llm]: whether a language model says what programs print that the tarpit's shell does not know.</summary>
public sealed class ImprovisationOptions
{
    public bool Enabled { get; set; }

    /// <summary>Where the model server listens.</summary>
    public Uri Endpoint { get; set; } = new("http://127.0.0.1:11434");

    public string Model { get; set; } = "qwen3:1.7b";

    /// <summary>Until the first line of an answer; 200..10,000 ms.</summary>
    public int AnswerMilliseconds { get; set; } = 1500;

    /// <summary>1..600.</summary>
    public int QuestionsPerMinute { get; set; } = 30;

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<ImprovisationOptions>("tarpit.llm", "A language model that says what programs print which the tarpit's shell does not know.", new ImprovisationOptions())
            .Flag("enabled", "Whether it is asked. Without it, and when it is late or its answer is not such as the program could give, the shell answers by itself.", o => o.Enabled, (o, v) => o.Enabled = v)
            .Text("endpoint", "URL of the model server (Ollama's protocol): https, or http on loopback. It gets the name of a program, arguments that are single words, and facts of the emulated server.", o => o.Endpoint.ToString(), (o, v) => ModelAddress.SetEndpoint(v, url => o.Endpoint = url))
            .Text("model", "Name of the model.", o => o.Model, (o, v) => ModelAddress.SetName(v, name => o.Model = name, mayBeEmpty: false))
            .Integer("answer_ms", "Milliseconds that a program waits for the first line of an answer.", 200, 10_000, o => o.AnswerMilliseconds, (o, v) => o.AnswerMilliseconds = (int)v)
            .Integer("questions_per_minute", "Questions of all visitors a minute; answers are kept and given again.", 1, 600, o => o.QuestionsPerMinute, (o, v) => o.QuestionsPerMinute = (int)v),
    ];
}
