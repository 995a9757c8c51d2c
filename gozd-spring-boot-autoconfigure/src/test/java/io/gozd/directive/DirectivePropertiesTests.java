package io.gozd.directive;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class DirectivePropertiesTests {

	@Test
	void editorsAreToldOfWhatIsRead() {
		List<DirectiveProperty> told = new ArrayList<>();
		for (RecordComponent component : DirectiveProperties.Directive.class.getRecordComponents()) {
			if (component.getType().isRecord()) {
				for (RecordComponent part : component.getType().getRecordComponents()) {
					told.add(DirectiveProperty.of(component.getName() + "." + part.getName()));
				}
			}
			else {
				told.add(DirectiveProperty.of(component.getName()));
			}
		}
		assertThat(told).containsExactlyInAnyOrder(DirectiveProperty.values());
	}

}
