using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;

namespace Blackwall.Events;

/// <summary>A kind of event that a feature tells. Its data has a shape that grows by additions only; another shape is another version.</summary>
internal abstract class EventType
{
    private protected EventType(string name, int version, Scope? scope) => (Name, Version, Scope) = (name, version, scope);

    /// <summary>As clients see it: "decision". Unique among all features, and for ever: the log keeps it.</summary>
    public string Name { get; }

    /// <summary>Counts up when the shape of the data changes otherwise than by an addition; from 1.</summary>
    public int Version { get; }

    /// <summary>What a reader over the API needs beside events:read; null: nothing.</summary>
    public Scope? Scope { get; }

    /// <summary>A kind whose data is made of a subject when somebody reads it: JSON in UTF-8.</summary>
    public static EventType<TSubject, TBody> For<TSubject, TBody>(string name, Func<TSubject, TBody> describe, JsonTypeInfo<TBody> json, int version = 1, Scope? scope = null)
        where TSubject : class
        where TBody : class => new(name, version, scope, describe, json);

    /// <summary>A kind that is told as it is kept.</summary>
    public static EventType<TBody, TBody> For<TBody>(string name, JsonTypeInfo<TBody> json, int version = 1, Scope? scope = null)
        where TBody : class => new(name, version, scope, body => body, json);

    internal abstract byte[] Write(object subject);
}

/// <inheritdoc cref="EventType"/>
/// <typeparam name="TSubject">What it is about, as the feature has it: immutable.</typeparam>
/// <typeparam name="TBody">How it is told.</typeparam>
internal sealed class EventType<TSubject, TBody> : EventType
    where TSubject : class
    where TBody : class
{
    private readonly Func<TSubject, TBody> _describe;
    private readonly JsonTypeInfo<TBody> _json;

    internal EventType(string name, int version, Scope? scope, Func<TSubject, TBody> describe, JsonTypeInfo<TBody> json)
        : base(name, version, scope) => (_describe, _json) = (describe, json);

    /// <summary>The data of an event of this kind, from memory or from the log; null: it is of another kind, of a newer version, or not readable.</summary>
    public TBody? Read(ApplianceEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        if (!string.Equals(happened.Kind, Name, StringComparison.Ordinal) || happened.Version > Version)
        {
            return null;
        }

        try
        {
            return happened.Subject is TSubject subject ? _describe(subject) : JsonSerializer.Deserialize(happened.Data.Span, _json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal override byte[] Write(object subject) => JsonSerializer.SerializeToUtf8Bytes(_describe((TSubject)subject), _json);
}
