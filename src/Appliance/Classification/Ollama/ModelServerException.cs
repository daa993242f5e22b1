namespace Blackwall.Classification.Ollama;

/// <summary>An answer of a model server that is not even looked into.</summary>
internal sealed class ModelServerException(ModelOutcome outcome, string message) : Exception(message)
{
    public ModelOutcome Outcome => outcome;
}
