namespace Blackwall.Classification;

/// <summary>What came of a question to a model.</summary>
internal enum ModelOutcome
{
    /// <summary>A valid answer about every source that was asked about.</summary>
    Answered,

    /// <summary>No connection, or it broke before the answer was whole.</summary>
    Unreachable,

    TimedOut,

    /// <summary>A status other than 200.</summary>
    Refused,

    /// <summary>The server does not have this model (404).</summary>
    NoSuchModel,

    /// <summary>Something other than JSON: a page, compressed data.</summary>
    NotJson,

    /// <summary>More than <see cref="Ollama.BoundedAnswers.MaxBytes"/>.</summary>
    TooLarge,

    /// <summary>Bytes that are no UTF-8.</summary>
    NotUtf8,

    /// <summary>The server's frame around the answer is not as its protocol says.</summary>
    Malformed,

    /// <summary>The answer itself breaks the schema: a member, word, number or source too many or missing.</summary>
    Void,
}
