package org.tallystick.house;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** Measures of sources: how long methods are, which types a stranger can see, what carries a comment. */
final class Shapes {
    private Shapes() {}

    /** A method and its length in lines, signature and braces included. */
    record Method(String where, String name, long lines) {}

    /** A declared type and whether other packages can name it. */
    record Type(String where, String name, boolean topLevel, boolean visible, boolean documented) {}

    static List<Method> methods(SourceTree.Source source) {
        List<Method> methods = new ArrayList<>();
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
                BlockTree body = method.getBody();
                if (body != null) {
                    long first = line(source, source.positions().getStartPosition(source.tree(), body));
                    long last = line(source, source.positions().getEndPosition(source.tree(), body));
                    methods.add(new Method(
                            source.path() + ":" + first, method.getName().toString(), last - first + 1));
                }
                return super.visitMethod(method, null);
            }
        }.scan(source.tree(), null);
        return methods;
    }

    static List<Type> types(SourceTree.Source source) {
        List<Type> types = new ArrayList<>();
        new TreePathScanner<@Nullable Void, Boolean>() {
            @Override
            public @Nullable Void visitClass(ClassTree type, Boolean outerVisible) {
                if (type.getSimpleName().isEmpty()) {
                    return super.visitClass(type, false);
                }
                Tree parent = getCurrentPath().getParentPath().getLeaf();
                boolean inInterface = parent.getKind() == Tree.Kind.INTERFACE;
                boolean open = type.getModifiers().getFlags().contains(Modifier.PUBLIC) || inInterface;
                boolean visible = outerVisible && open;
                long line = line(source, source.positions().getStartPosition(source.tree(), type));
                types.add(new Type(
                        source.path() + ":" + line,
                        type.getSimpleName().toString(),
                        parent instanceof CompilationUnitTree,
                        visible,
                        docOf(source, getCurrentPath()).isPresent()));
                return super.visitClass(type, visible);
            }
        }.scan(source.tree(), true);
        return types;
    }

    /** The Javadoc of a package-info, as written. */
    static Optional<String> packageDoc(SourceTree.Source source) {
        Tree declaration = source.tree().getPackage();
        return docOf(source, TreePath.getPath(source.tree(), declaration)).map(DocCommentTree::toString);
    }

    private static Optional<DocCommentTree> docOf(SourceTree.Source source, TreePath path) {
        return Optional.ofNullable(source.docs().getDocCommentTree(path));
    }

    private static long line(SourceTree.Source source, long position) {
        return source.lineMap().getLineNumber(position);
    }
}
