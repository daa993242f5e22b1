namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>What the parsers of words and of compound commands need for the commands within them.</summary>
internal interface ICommandParser
{
    /// <summary>Commands up to one of these reserved words, a closing bracket or the end.</summary>
    Sequence ParseList(params ReadOnlySpan<string> closers);

    /// <summary>One command of a pipeline.</summary>
    Command ParseStage();

    /// <summary>Commands up to the bracket that ends a substitution, which is read too.</summary>
    Command ParseSubstitution();
}
